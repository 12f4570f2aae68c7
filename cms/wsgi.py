"""The web process."""

import os
from contextlib import suppress
from typing import Any

import django
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.embedded")


class Request(WSGIRequest):
    """A request that can be made whatever its Content-Type says.

    A charset that decodes no text fails in Django before any middleware could answer;
    here it stays as named, and ``cms.middleware.OddRequestsMiddleware`` refuses it.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        with suppress(LookupError, UnicodeError, SuspiciousOperation):
            super()._set_content_type_params(meta)


class Application(WSGIHandler):
    """Django's, with our requests."""

    request_class = Request


django.setup()  # with the path that we stand below: files are named by it too
application = Application()
