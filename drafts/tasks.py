"""Interfaces of the task system to the services of this floor."""

from celery import shared_task

from drafts import uploads


@shared_task(name="drafts.sweep_files")
def sweep_files() -> int:
    """Every hour: remove uploaded files that nothing was made of."""
    return uploads.files_sweep()
