"""Wagtail imports only this file: one line per desk, each registers itself."""

from consultations import pages_guard  # noqa: F401
from consultations.desk import rounds_hooks  # noqa: F401
