"""Interfaces of the task system to the services of this floor."""

from celery import shared_task

from consultations import services
from consultations.reading import downloads
from consultations.report import tasks as report_tasks  # noqa: F401


@shared_task(name="consultations.advance_stages")
def advance_stages() -> int:
    """Let stored stages follow the clock; harmless to run often or twice at once."""
    return services.round_advance_all()


@shared_task(name=downloads.TASK, soft_time_limit=900)
def prepare_download(version_id: int, fmt: str) -> None:
    """Make a file of a frozen version that takes too long for a page."""
    downloads.download_prepare(version_id=version_id, fmt=fmt)
