"""The web server in production: ``gunicorn cms.wsgi --config deploy/gunicorn.conf.py``.

Threads, so that what waits for the database or a slow line does not stop the others; a
proxy in front takes slow bodies (deploy/nginx.conf, deploy/haproxy.cfg).  Anything here
can be changed with GUNICORN_CMD_ARGS.
"""

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 4
threads = 8
preload_app = True
timeout = 120
# Who asks, and by HTTPS or not, is read by the program from what TRUSTED_PROXIES name.
# The server itself takes nothing from headers, no SCRIPT_NAME above all.
forwarded_allow_ips = ""
forwarder_headers = ""


def when_ready(server):
    """Say at start what is not set up as it should be, above all TRUSTED_PROXIES."""
    from django.core.checks import run_checks  # noqa: PLC0415 - Django is set up by now

    for said in run_checks(tags=["security"]):
        server.log.warning("%s", said.msg)
