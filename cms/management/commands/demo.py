"""One command from a fresh clone to a running site."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from cms.demo import serving
from cms.demo.accounts import ACCOUNTS, PASSWORD

#: What a reset keeps: a compiled page cache is no data.
KEPT = {"pycache", "assets", "locale", "secret_key"}

#: Read once from a cold disk and compiled: the encoder's weights, PDF, DOCX, XLSX.
WARM_UP = """
import importlib
for name in ("sklearn.feature_extraction.text", "sknetwork.clustering", "weasyprint",
             "docx", "xlsxwriter", "comments.nlp.pipeline"):
    importlib.import_module(name)
from comments.nlp.encoders import encoder_named
encoder_named("use").encode(["รับฟัง"])
"""


class Command(BaseCommand):
    help = "Set up everything and serve the demo until Ctrl-C"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reset-only", action="store_true")
        parser.add_argument("--load-only", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "VAR_DIR", None):
            message = "the demo runs with cms.settings.embedded only"
            raise CommandError(message)
        self.var = Path(settings.VAR_DIR)
        started = time.monotonic()
        with (self.var / "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = "the demo is running already: end it with Ctrl-C first"
                raise CommandError(message) from error
            if options["reset_only"]:
                self.reset()
                return
            port = self.port()
            valkey_port = self.valkey_port()
            self.prepare()
            if options["load_only"]:
                with serving.valkey(port=valkey_port, folder=self.var / "valkey"):
                    self.load()
                return
            code = serving.serve(
                port=port,
                valkey_port=valkey_port,
                var=self.var,
                load=self.load,
                tell=lambda: self.tell(port, time.monotonic() - started),
            )
        if code:
            raise SystemExit(code)

    def port(self) -> int:
        text = os.environ.get("PORT", "8000")
        if not text.isdecimal() or not 0 < int(text) < 65536:
            message = f"PORT={text} is not a port number"
            raise CommandError(message)
        if serving.port_is_taken(int(text)):
            message = f"port {text} is in use: PORT={int(text) + 1} make demo"
            raise CommandError(message)
        return int(text)

    def valkey_port(self) -> int:
        """Choose a free port and write it down for other commands and our children."""
        port = serving.free_port()
        (self.var / "valkey.port").write_text(str(port))
        url = f"redis://127.0.0.1:{port}"
        os.environ["VALKEY_URL"] = url
        # This process read its settings before the port was known.
        settings.VALKEY_URL = url
        settings.CELERY_BROKER_URL = f"{url}/0"
        settings.CACHES["default"]["LOCATION"] = f"{url}/1"
        return port

    def prepare(self) -> None:
        # The longest steps of a first start, side by side on two cores: while the
        # database is made, fonts are cut and what the load imports is compiled.
        self.stdout.write("preparing the database, fonts and translations")
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        assets = subprocess.Popen([*manage, "prepare_assets"])
        warm = subprocess.Popen([sys.executable, "-c", WARM_UP], cwd=settings.BASE_DIR)
        call_command("migrate", verbosity=0)
        warm.wait()
        if assets.wait():
            message = "fonts or translations could not be made; see above"
            raise CommandError(message)

    def load(self) -> None:
        call_command("load_demo", stdout=self.stdout)
        connections.close_all()

    def reset(self) -> None:
        for path in self.var.iterdir():
            if path.name in KEPT or path.name == "demo.lock":
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        self.stdout.write("the demo's data is gone; make demo begins anew")

    def tell(self, port: int, seconds: float) -> None:

        address = f"http://127.0.0.1:{port}/"
        lines = [
            "",
            f"  Rapfang is at {address}  (ready after {seconds:.0f} s)",
            "",
            f"  Officials sign in at {address}admin/  (password for all: {PASSWORD})",
            *(f"    {one.email:<30} {one.what}" for one in ACCOUNTS),
            "",
            "  Where to look:",
            f"    {address}consultations/   announced, open, closed",
            f"    {address}search/?q=สัตว์    Thai search",
            f"    {self.var / 'mail'}   e-mails that were sent",
            "  Move the clock:  .venv/bin/python manage.py demo_clock +16d",
            "  Ctrl-C ends everything; make demo starts again with the data kept.",
            "",
        ]
        print("\n".join(lines), flush=True)
