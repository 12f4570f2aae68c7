"""Interfaces of the task system to the services of this floor."""

from celery import shared_task

from consultations import services


@shared_task(name="consultations.advance_stages")
def advance_stages() -> int:
    """Let stored stages follow the clock; harmless to run often or twice at once."""
    return services.round_advance_all()
