"""Interfaces of the task system to ``comments.themes.runs``; ids only."""

from __future__ import annotations

from celery import shared_task

from comments.themes import memory, runs
from drafts import clock


@shared_task(name=runs.RUNS.task)
def run_themes(run_id: int) -> None:
    """Do one run; delivered twice, it is done once (the lease)."""
    runs.run_execute(run_id)


@shared_task(name="comments.revive_theme_runs")
def revive_theme_runs() -> None:
    """Every half minute: find runs whose worker died."""
    runs.runs_revive()


@shared_task(name="comments.remember_themes")
def remember_themes() -> None:
    """Every few minutes: make the vectors that signed themes lack."""
    memory.themes_remember(now=clock.now())
