"""The house stands as drawn: floors, leaves, migrations, foreign keys."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).parent.parent
FLOORS = ["drafts", "comments", "consultations", "search", "cms", "accounts"]
#: The only two relations that point up.
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


# --- writes ---------------------------------------------------------------------------

#: Rooms that show, read or start something; what writes is a service they call.
INTERFACES = re.compile(
    r"/(desk|reading|commenting|selectors|templatetags|management|demo|settings)/"
    r"|/(views|forms|urls|tasks|policies|selectors|middleware|documents|document_files"
    r"|\w*_?desk|\w*_hooks|\w*_views|\w*_forms|pages_guard|standing_pages)\.py$"
)
#: What of it writes all the same, and why.
WRITES_THERE = {
    "consultations/reading/downloads.py": "keeps a file it can make again at any time",
    "drafts/management/commands/import_draft.py": "a page to try an import under",
    "cms/demo/loading.py": "accounts and memberships, which superusers make in Wagtail",
}
_ALWAYS = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
_OF_ROWS = {"objects", "recorded", "filter", "exclude", "all", "get", "select_related"}


def _chain(node: ast.AST) -> set[str]:
    """Return the names that stand before a call: of ``a.b(x).c`` they are a and b."""
    names: set[str] = set()
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return names | {node.id}
        else:
            return names


def writes_in(code: str) -> list[str]:
    """Return the calls of a module that write rows, as the ORM writes them."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        verb, before = node.func.attr, _chain(node.func.value)
        is_row = not before & {"form", "forms", "self", "cache", "session", "super"}
        if (
            verb in _ALWAYS
            or (verb in {"update", "delete"} and before & _OF_ROWS)
            or (verb in {"save", "delete", "add_child", "set_password"} and is_row)
        ):
            found.append(f"{node.lineno}: {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize(
    "code",
    [
        "Round.objects.create(number=1)",
        "Round.objects.filter(pk=1).update(stage='open')",
        "round.save(update_fields=['stage'])",
        "get_object_or_404(round.questions, pk=1).delete()",
        "agency.add_child(instance=page)",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert writes_in(code)
    assert not writes_in("form.save(by=user); values.update(more); cache.delete('k')")


def test_only_services_write() -> None:
    """One verb, one service: no view, command, task or page writes rows itself."""
    found = {}
    for room in FLOORS[:-1]:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if INTERFACES.search(name) and (calls := writes_in(path.read_text())):
                found[name] = calls
    assert {n: calls for n, calls in found.items() if n not in WRITES_THERE} == {}
    assert set(WRITES_THERE) == set(found), "what no longer writes leaves the list"


def test_every_row_of_evidence_and_each_confirmed_act_has_one_writer() -> None:
    """No second service makes what another one makes."""
    writers: dict[str, set[str]] = {}
    makes = re.compile(r"\b(\w+)\.(?:objects|recorded)\.(?:bulk_)?create\(")
    for path in sorted((ROOT / "consultations").rglob("*.py")):
        for model in makes.findall(path.read_text()):
            writers.setdefault(model, set()).add(path.name)
    twins = {model: files for model, files in writers.items() if len(files) > 1}
    #: A new round carries methods and questions over, whatever their service checks.
    allowed = {"HearingMethod": {"preparing.py", "rounds.py"},
               "Round": {"consultations.py", "rounds.py"}}  # fmt: skip
    assert twins == allowed


def test_what_needs_two_people_is_done_in_one_place() -> None:
    """Announcing, extending, withdrawing and publishing have one door each."""
    doors = {
        "round_announce": {"consultations/confirming.py"},
        "round_extend": {"consultations/confirming.py"},
        "round_withdraw": {"consultations/confirming.py"},
        "publication_begin": {
            "consultations/confirming.py",
            "consultations/report/publication.py",
        },
        "publication_request": {
            "consultations/desk/report.py",
            "cms/demo/reviewing.py",
        },
        "report_publish": {"consultations/report/publication.py"},
    }
    for verb, allowed in doors.items():
        callers = set()
        for room in FLOORS[:-1]:
            for path in (ROOT / room).rglob("*.py"):
                tree = ast.parse(path.read_text())
                used = {
                    node.id if isinstance(node, ast.Name) else node.attr
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Name)
                    or (
                        isinstance(node, ast.Attribute)
                        and isinstance(node.value, ast.Name)
                        and node.value.id in {"services", "process", "publication"}
                    )
                }
                if verb in used:
                    callers.add(str(path.relative_to(ROOT)))
        assert callers == allowed, verb


def test_documents_that_are_named_are_there() -> None:
    named = subprocess.run(
        ["git", "grep", "-InoE", r"[A-Za-z0-9_./-]+\.md\b", "--", ":!CHANGELOG.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    there = {path.relative_to(ROOT) for path in ROOT.glob("*.md")}
    there |= {path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")}
    names = {path.name for path in there}
    missing = [
        line
        for line in named.splitlines()
        if Path(line.split(":")[-1]).name not in names
    ]
    assert missing == []
