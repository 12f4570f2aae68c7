"""Composition root.  Importing it makes the Celery app the current one."""

from cms.celery import app as celery_app

__all__ = ["celery_app"]
