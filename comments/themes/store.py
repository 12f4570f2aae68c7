"""Store what a run found: once, whole, in short transactions.

Every batch is written under the run's lease, in one transaction with the lease's check,
in the order of comment ids.  A worker that dies in the middle leaves a prefix; the next
one goes on behind it, if the output it holds has the hash that the prefix was written
from, and begins anew otherwise.  A worker whose lease was taken away stops at its next
batch.  The output itself is kept as one compressed canonical file; rows of comments are
kept for the current run alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from comments.models import (
    CandidateAssignment,
    CandidateTheme,
    Comment,
    DuplicateGroup,
    Theme,
    ThemeRun,
)
from comments.themes.errors import ThemeError
from comments.themes.pipeline import text_of
from comments.themes.state import RunResult
from drafts import outbox
from drafts.jobs import Lease

BATCH = 2000
Output = dict[str, Any]


def canonical(output: Output) -> bytes:
    """Return the one form of an output that is hashed and kept."""
    return json.dumps(
        output, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def output_read(path: Path) -> Output:
    with path.open("rb") as file:
        return json.load(file)


def output_of(run: ThemeRun) -> Output:
    """Return the kept output of a run.

    Raises ThemeError if it is gone or its hash is wrong.
    """
    try:
        with run.output.open("rb") as file:
            data = gzip.decompress(file.read())
    except (OSError, ValueError, EOFError) as error:  # none, lost, no longer gzip
        raise ThemeError(
            _("ไม่มีไฟล์ผลวิเคราะห์ที่เก็บไว้ หรืออ่านไม่ได้ ให้วิเคราะห์ใหม่"), code="output_gone"
        ) from error
    if hashlib.sha256(data).hexdigest() != run.output_sha256:
        raise ThemeError(
            _("ไฟล์ผลวิเคราะห์ที่เก็บไว้ไม่ตรงกับรหัสตรวจสอบ จึงไม่นำมาใช้ ให้วิเคราะห์ใหม่"),
            code="output_altered",
        )
    return json.loads(data)


def theme_numbers(output: Output) -> dict[Any, int]:
    """Return theme id of the output -> our number (1 is the first theme)."""
    return {row["id"]: n for n, row in enumerate(output["themes"], start=1)}


def result_of(output: Output) -> RunResult:
    """Return the part of an output that adopting it needs."""
    numbers = theme_numbers(output)
    return RunResult(
        labels={numbers[row["id"]]: row["label"] for row in output["themes"]},
        places={
            int(row["id"]): (
                0 if row["theme"] is None else numbers[row["theme"]],
                row["bucket"] or "",
            )
            for row in output["assignments"]
        },
    )


def output_check(output: Output, *, expected: Iterable[int]) -> int:
    """Refuse an output that does not account for every comment exactly once.

    Returns how many comments it accounts for.  This is the promise of the product, so
    it is checked on every run and not only in tests.
    """
    numbers = theme_numbers(output)
    seen: set[int] = set()
    for row in output["assignments"]:
        pk = int(row["id"])
        in_theme = row["theme"] is not None
        if pk in seen or in_theme == bool(row["bucket"]):
            raise ThemeError(
                _("ผลวิเคราะห์จัดความเห็น %(id)s ไม่ถูกต้อง จึงไม่บันทึก") % {"id": pk},
                code="not_accounted",
            )
        if in_theme and row["theme"] not in numbers:
            raise ThemeError(_("ผลวิเคราะห์อ้างประเด็นที่ไม่มี จึงไม่บันทึก"), code="not_accounted")
        seen.add(pk)
    wanted = set(expected)
    if wanted != seen:
        raise ThemeError(
            _("ผลวิเคราะห์นับความเห็นไม่ครบ (%(found)s จาก %(wanted)s รายการ) จึงไม่บันทึก")
            % {"found": len(wanted & seen), "wanted": len(wanted)},
            code="not_accounted",
        )
    return len(seen)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def result_begin(run: ThemeRun, lease: Lease, output: Output) -> None:
    """Keep the canonical file and enter the storing state; drop a foreign prefix."""
    data = canonical(output)
    digest = hashlib.sha256(data).hexdigest()
    if run.status == ThemeRun.Status.STORING and run.output_sha256 == digest:
        lease.beat()
        return
    name = f"{run.round_id}/{run.pk}-{digest[:16]}.json.gz"
    storage = run.output.storage
    field_name = run._meta.get_field("output").generate_filename(run, name)
    if not storage.exists(field_name):
        field_name = storage.save(
            field_name, ContentFile(gzip.compress(data, 6, mtime=0))
        )
    lease.beat(
        status=ThemeRun.Status.STORING,
        stage="storing",
        done=0,
        total=len(output["assignments"]),
        output=field_name,
        output_sha256=digest,
    )
    run.refresh_from_db()
    rows_drop(run, themes=True)


def rows_drop(run: ThemeRun, *, themes: bool = False) -> None:
    """Delete the rows of a run that its kept file says again, in short transactions.

    Themes (few) stay for the record unless ``themes`` says that they are a prefix.
    """
    models = [CandidateAssignment, DuplicateGroup]
    if themes:
        Theme.objects.filter(origin__run=run).update(origin=None)
        models.append(CandidateTheme)
    for model in models:
        rows = model.objects.filter(run=run).order_by("pk")
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                model.objects.filter(pk__in=ids).delete()


def _quotes(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield each theme's quotations, each with the hash of the text it is cut from."""
    texts = Comment.objects.in_bulk(
        {int(quote["comment"]) for row in rows for quote in row["quotes"]}
    )
    for row in rows:
        found = []
        for quote in row["quotes"]:
            comment = texts[int(quote["comment"])]
            text = text_of(comment)
            found.append(
                {
                    "comment": comment.pk,
                    "start": quote["start"],
                    "end": quote["end"],
                    "of": "text" if comment.public_text else "suggestion",
                    "sha256": hashlib.sha256(text.encode()).hexdigest(),
                }
            )
        yield found


def result_store(run: ThemeRun, lease: Lease, output: Output) -> None:
    """Write themes, groups of copies and assignments; idempotent under one lease."""
    numbers = theme_numbers(output)
    themes = output["themes"]
    have = set(CandidateTheme.objects.filter(run=run).values_list("number", flat=True))
    missing = [row for row in themes if numbers[row["id"]] not in have]
    for batch in _batches(zip(missing, _quotes(missing), strict=True)):
        with transaction.atomic():
            lease.beat()
            CandidateTheme.objects.bulk_create(
                CandidateTheme(
                    run=run,
                    number=numbers[row["id"]],
                    label=row["label"],
                    phrases=row["phrases"],
                    size=row["size"],
                    distinct=row["distinct"],
                    stances=row["stances"],
                    quotes=quotes,
                )
                for row, quotes in batch
            )
    _store_groups(run, lease, output["duplicates"])
    _store_assignments(run, lease, output, numbers)


def _store_groups(run: ThemeRun, lease: Lease, groups: list[dict[str, Any]]) -> None:
    have = set(DuplicateGroup.objects.filter(run=run).values_list("number", flat=True))
    rows = (
        DuplicateGroup(
            run=run, number=n, size=len(row["members"]), template=row["template"]
        )
        for n, row in enumerate(groups, start=1)
        if n not in have
    )
    for batch in _batches(rows):
        with transaction.atomic():
            lease.beat()
            DuplicateGroup.objects.bulk_create(batch)


def _store_assignments(
    run: ThemeRun, lease: Lease, output: Output, numbers: dict[Any, int]
) -> None:
    themes = dict(CandidateTheme.objects.filter(run=run).values_list("number", "pk"))
    groups = dict(DuplicateGroup.objects.filter(run=run).values_list("number", "pk"))
    group_of = {
        int(member): groups[n]
        for n, row in enumerate(output["duplicates"], start=1)
        for member in row["members"]
    }
    rows = sorted(output["assignments"], key=lambda row: int(row["id"]))
    done = CandidateAssignment.objects.filter(run=run).count()
    for batch in _batches(rows[done:]):
        with transaction.atomic():
            done += len(batch)
            lease.beat(done=done)
            CandidateAssignment.objects.bulk_create(
                CandidateAssignment(
                    run=run,
                    comment_id=int(row["id"]),
                    theme_id=(
                        None if row["theme"] is None else themes[numbers[row["theme"]]]
                    ),
                    bucket=row["bucket"] or "",
                    also=[numbers[theme] for theme in row["also"]],
                    similarity=row["similarity"],
                    margin=row["margin"],
                    runner_up=numbers.get(row["runner_up"]),
                    source=row["source"] or "",
                    duplicates_id=group_of.get(int(row["id"])),
                )
                for row in batch
            )


def result_finish(run: ThemeRun, lease: Lease, output: Output) -> list[ThemeRun]:
    """Make the run the current one if it is whole; return those that no longer are.

    n of n is checked against the rows in the database, not against what we believe to
    have written.
    """
    with transaction.atomic():
        lease.beat()
        rows = CandidateAssignment.objects.filter(run=run)
        stored = rows.count()
        if (
            stored != run.comment_count
            or rows.filter(Q(theme__isnull=False) & ~Q(theme__run=F("run"))).exists()
        ):
            raise ThemeError(
                _("บันทึกได้ %(stored)s จาก %(wanted)s ความเห็น จึงไม่ใช้ผลนี้")
                % {"stored": stored, "wanted": run.comment_count},
                code="not_accounted",
            )
        current = ThemeRun.objects.filter(round=run.round_id, is_current=True)
        older = list(current.exclude(pk=run.pk))
        current.exclude(pk=run.pk).update(is_current=False)
        ThemeRun.objects.filter(pk=run.pk).update(
            is_current=True,
            metrics={**run.metrics, "run": output.get("run", {})},
        )
        if output["duplicates"] or older:
            # The index folds near copies as the current run found them.
            outbox.emit("comments_of_round", [run.round_id])
    run.refresh_from_db()
    return older
