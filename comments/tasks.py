"""Celery finds the tasks of this app here; each stands beside what it calls."""

from __future__ import annotations

from celery import shared_task

from comments import exposure, preparing, retention
from comments.themes import tasks as themes_tasks  # noqa: F401
from drafts import clock


@shared_task(name="comments.record_exposure")
def record_exposure() -> None:
    """Every minute: write how often comments were shown."""
    exposure.flush()


@shared_task(name="comments.erase_prepared")
def erase_prepared() -> None:
    """Every day: erase responses that were sent, or left alone for too long."""
    while preparing.prepared_erase_old(now=clock.now()):
        pass


@shared_task(name="comments.erase_respondents")
def erase_respondents() -> None:
    """Every day: erase personal data whose time is over."""
    while retention.respondents_erase(now=clock.now()):
        pass
