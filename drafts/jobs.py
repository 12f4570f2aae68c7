"""Long work: asked for on a page, done by one worker, taken over if that one dies.

A job is a row with the fields of ``Job``; a ``Kind`` says which rows still want work.
A worker takes one by writing a lease of its own into it.  Whoever holds the lease beats
and stores; whoever finds another there, or the job ended, stops.  A task delivered
twice, a worker that is killed, a job cancelled while it stores: one result, or none.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from drafts import audit, clock
from drafts.errors import RapfangError

logger = logging.getLogger(__name__)
#: Seconds between two beats of a worker that beats by itself.
BEAT = 1.0
#: A job without a sign for so long has lost its worker, or its message.  Workers beat
#: every second, or with every batch that they store (well under a second).
DEAD_AFTER = dt.timedelta(seconds=60)
#: Takes by workers before a job is given up; deaths are rare, so more means that the
#: job itself kills its worker.
MAX_ATTEMPTS = 3


class LeaseLostError(Exception):
    """Another worker took the job over, or it has ended: stop, store nothing."""


class Job(models.Model):
    """What a row needs that workers do under a lease."""

    #: Token of the worker that may store; null while the job waits for one.
    lease = models.UUIDField(null=True)
    #: The last sign of it: asked for, sent again, or a worker's beat.
    beat_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Why it failed the last time, in words for officials.
    error = models.TextField(blank=True)

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's hold on one job."""

    kind: Kind
    pk: int
    token: UUID | None

    def held(self) -> QuerySet[Any]:
        """Return the job's row while it is ours, none afterwards."""
        return self.kind.rows().filter(pk=self.pk, lease=self.token)

    def beat(self, **fields: object) -> None:
        """Prove the lease, show that the worker lives, and set fields of the job.

        Inside a transaction what it writes beside this counts only under the lease.
        Raises LeaseLostError.
        """
        if not self.held().update(beat_at=clock.now(), **fields):
            raise LeaseLostError

    @contextmanager
    def beating(self) -> Iterator[Callable[..., None]]:
        """Beat every second while the work itself cannot; yield how to set fields.

        A thread with a connection of its own, for work that stands in one snapshot of
        the database.  Inside a transaction of the caller nobody else could see the
        beats, so there are none.
        """
        fields: dict[str, object] = {}
        if connection.in_atomic_block:
            yield fields.update
            return
        ended = threading.Event()

        def beats() -> None:
            while not ended.wait(BEAT):
                try:
                    self.beat(**fields)
                except LeaseLostError:
                    break
                except DatabaseError:
                    logger.exception("%s %s: no beat written", self.kind.task, self.pk)
            connection.close()

        thread = threading.Thread(target=beats, name="beats", daemon=True)
        thread.start()
        try:
            yield fields.update
        finally:
            ended.set()
            thread.join()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job."""

    task: str
    model: type[Job]
    #: Which rows wait for a worker or are in the hands of one.
    open: Q
    #: What a failure is called in the audit log.
    failure: str
    #: The fields, as of a moment, with which a job that failed is no longer open.
    ended: Callable[[dt.datetime], dict[str, Any]]

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(self.open)

    def ask(self, job: Job, **fields: object) -> None:
        """Queue a job anew; call it inside the change's transaction.

        ``robust``: a broker that is away only delays it, the sweeper sends again.
        """
        fields |= {"lease": None, "attempts": 0, "error": "", "beat_at": clock.now()}
        for name, value in fields.items():
            setattr(job, name, value)
        job.save(update_fields=fields)
        transaction.on_commit(lambda: self.send(job.pk), robust=True)

    def send(self, pk: int) -> None:
        current_app.send_task(self.task, args=[pk])

    def take(self, pk: int) -> Lease | None:
        """Take a waiting or abandoned job under a new lease; None if there is none."""
        token, now = uuid.uuid4(), clock.now()
        free = Q(lease=None) | Q(beat_at__lt=now - DEAD_AFTER)
        rows = self.rows().filter(free, pk=pk, attempts__lt=MAX_ATTEMPTS)
        taken = rows.update(lease=token, beat_at=now, attempts=F("attempts") + 1)
        return Lease(self, pk, token) if taken else None

    def execute(self, pk: int, work: Callable[[Lease], object]) -> None:
        """Have a job's work done, safe to call any number of times.

        Returns quietly when the job is gone, has ended, or is in other hands.  What
        goes wrong ends the job with a reason for people; an error that nobody foresaw
        comes out as well, for the log.
        """
        lease = self.take(pk)
        if lease is None:
            return
        with override("th"):  # reasons are read by officials
            try:
                work(lease)
            except LeaseLostError:
                logger.info("%s %s: lease lost, stopping", self.task, pk)
            except RapfangError as error:
                self.fail(lease, error.message)
            except MemoryError:
                self.fail(lease, _("หน่วยความจำไม่พอ ลองใหม่เมื่อเครื่องว่าง"))
            except OSError as error:
                why = error.strerror or type(error).__name__
                self.fail(lease, _("อ่านหรือเขียนไฟล์ไม่ได้: %s") % why)
            except Exception:
                self.fail(lease, _("เกิดข้อผิดพลาดในโปรแกรม ผู้ดูแลระบบดูได้ในบันทึก"))
                raise

    @transaction.atomic
    def fail(self, lease: Lease, reason: str) -> None:
        """End a job with a reason, if it is still ours; it can be asked for again."""
        fields = {**self.ended(clock.now()), "lease": None, "error": reason[:2000]}
        if lease.held().update(**fields):
            logger.error("%s %s failed", self.task, lease.pk)
            audit.record(self.model(pk=lease.pk), self.failure)

    def revive(self) -> int:
        """Send again what lost its worker or its message; return how many.

        Called every half minute.  A job that has used up its attempts fails.
        """
        now, sent = clock.now(), 0
        for job in self.rows().filter(beat_at__lt=now - DEAD_AFTER):
            silent = Lease(self, job.pk, job.lease).held().filter(beat_at=job.beat_at)
            if not silent.update(lease=None, beat_at=now):
                continue  # it lives after all
            if job.attempts < MAX_ATTEMPTS:
                self.send(job.pk)
                sent += 1
            else:
                with override("th"):
                    reason = _("ตัวประมวลผลหยุดกลางทางหลายครั้ง กดลองใหม่ได้")
                    self.fail(Lease(self, job.pk, None), reason)
        return sent
