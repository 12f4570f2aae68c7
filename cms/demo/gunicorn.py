"""Settings of the demo's web server: it imports itself early and opens when it may."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from django.conf import settings

#: Environment variable: the pipe from which the word to open comes.
HOLD = "RAPFANG_DEMO_HOLD"


def on_starting(server: Any) -> None:
    """Import every view, then wait for the demo's content; give up if it never comes.

    Called after the application is loaded and before the port is opened.
    """
    import_module(settings.ROOT_URLCONF)
    with os.fdopen(int(os.environ.pop(HOLD)), "rb") as pipe:
        if not pipe.read(1):
            sys.exit(1)
