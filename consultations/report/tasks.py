"""Interfaces of the task system to the publication of reports; ids only."""

from __future__ import annotations

from celery import shared_task

from consultations.report import publication


@shared_task(name=publication.PUBLICATIONS.task)
def publish_report(report_id: int) -> None:
    """Publish one report; delivered twice, it is published once (the lease)."""
    publication.publication_execute(report_id)


@shared_task(name="consultations.revive_publications")
def revive_publications() -> None:
    """Every half minute: find publications whose worker died."""
    publication.PUBLICATIONS.revive()
