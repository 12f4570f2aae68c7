"""The house stands as drawn: floors, leaves, migrations, foreign keys."""

from __future__ import annotations

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
