"""Interfaces of the task system to ``search.services``."""

from __future__ import annotations

import logging

from celery import shared_task

from search import services
from search.backends.base import SearchUnavailableError

logger = logging.getLogger(__name__)


@shared_task(name="search.drain_outbox")
def drain_outbox() -> None:
    """Every few seconds; one at a time (the rows' lease)."""
    try:
        services.outbox_drain()
    except SearchUnavailableError as error:
        logger.warning("search engine is away (%s); changes keep waiting", error)


@shared_task(name="search.sweep_index")
def sweep_index() -> None:
    """Once a night: heal what no outbox row told of."""
    try:
        logger.info("search sweep: %s", services.index_sweep())
    except SearchUnavailableError as error:
        logger.warning("search engine is away (%s); no sweep", error)
