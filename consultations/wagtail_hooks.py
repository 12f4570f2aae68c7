"""Wagtail imports only this file: one line per desk, each registers itself."""

from consultations import pages_guard  # noqa: F401
from consultations.desk import (
    blind_audit_hooks,  # noqa: F401
    members,  # noqa: F401
    moderation_hooks,  # noqa: F401
    report_hooks,  # noqa: F401
    rounds_hooks,  # noqa: F401
    themes_hooks,  # noqa: F401
)
