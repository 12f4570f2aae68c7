"""Celery finds the tasks of this app here; each stands beside what it calls."""

from comments.themes import tasks as themes_tasks  # noqa: F401
