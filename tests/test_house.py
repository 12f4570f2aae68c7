"""The house stands as drawn: floors, leaves, migrations, foreign keys."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).parent.parent
FLOORS = ["drafts", "comments", "consultations", "search", "cms", "accounts"]
#: The only two relations that point up (PLAN.md).
UPWARD = {
    ("comments", "consultations"),
}
UPWARD_MODELS = {"round", "question"}


def test_imports_point_one_way_only() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_leaves_import_without_django() -> None:
    code = (
        "import sys; import drafts.law.structure, comments.nlp, consultations.stages;"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_foreign_keys_point_down() -> None:
    wrong = []
    for label in FLOORS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                    continue
                target = field.related_model._meta.app_label
                if target not in FLOORS or target == "accounts":
                    continue
                if FLOORS.index(target) <= FLOORS.index(label):
                    continue
                if (label, target) in UPWARD and (
                    field.related_model._meta.model_name in UPWARD_MODELS
                ):
                    continue
                wrong.append(f"{model.__name__}.{field.name} -> {target}")
    assert wrong == []


#: Calls that take a date or the present moment around the one clock.
_OTHER_CLOCKS = {"today", "now", "utcnow", "localdate", "utcfromtimestamp"}
#: Objects whose ``now`` and ``today`` are the clock's own, and ``Now`` of the database.
_CLOCK = {"clock"}


def _other_clocks(source: str) -> list[str]:
    """Return the calls that read a clock, or a date, past drafts/clock.py."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner, name = ast.unparse(node.func.value), node.func.attr
        no_arguments = not node.args and not node.keywords
        if name == "date" and no_arguments:
            found.append(f"{node.lineno}: {owner}.date()")
        if name in _OTHER_CLOCKS and owner not in _CLOCK:
            found.append(f"{node.lineno}: {owner}.{name}()")
    return found


@pytest.mark.parametrize(
    "code",
    [
        "report.published_at.date()",
        "dt.date.today()",
        "datetime.now()",
        "dt.datetime.now(tz)",
        "timezone.now()",
        "timezone.localdate(moment)",
        "moment.astimezone(BANGKOK).date()",
    ],
)
def test_a_date_taken_past_the_clock_is_seen(code: str) -> None:
    assert _other_clocks(code)
    assert not _other_clocks(
        "clock.now(); clock.local_date(moment); dt.date(2026, 1, 1)"
    )


def test_one_clock_gives_every_moment_and_every_date() -> None:
    """A moment's own ``.date()`` is yesterday's until seven in the morning."""
    found = {
        str(path.relative_to(ROOT)): calls
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if path != ROOT / "drafts" / "clock.py" and "migrations" not in path.parts
        if (calls := _other_clocks(path.read_text("utf-8")))
    }
    assert found == {}
