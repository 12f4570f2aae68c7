"""The one place that reads the environment."""

from __future__ import annotations

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()


def read_limits(**usual: str) -> dict[str, str]:
    """Return each limit from the environment (``LIMIT_`` and its name), or as usual."""
    return {
        name: env.str(f"LIMIT_{name.upper()}", rates) for name, rates in usual.items()
    }


def read_proxies() -> list[str] | None:
    """Return ``TRUSTED_PROXIES``; [] for "none", None where it is not set."""
    value = env.str("TRUSTED_PROXIES", "").strip()
    if value in {"", "none"}:
        return [] if value else None
    return [name.strip() for name in value.split(",") if name.strip()]
