"""The database itself refuses; runs on SQLite and, in test-services, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models import ProtectedError

from comments.models import Comment, CommentText
from drafts import audit, frozen
from drafts.models import AuditEntry, Provision
from tests.factories import make_agency, make_comments, make_draft, make_round
from tests.factories import make_version as make_version_of


def make_version():
    return make_version_of(make_draft(make_agency()), sections=3)


def refused(sql: str, *parameters: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError as error:
        return frozen.MARK in str(error)
    return False


STATEMENTS = [
    "UPDATE drafts_provision SET text = 'x' WHERE id = %s",
    "UPDATE drafts_provision SET version_id = NULL WHERE id = %s",
    "DELETE FROM drafts_provision WHERE id = %s",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_raw_sql_cannot_touch_a_frozen_provision(statement: str) -> None:
    provision = make_version().provisions.first()
    before = Provision.objects.filter(pk=provision.pk).values().get()
    assert refused(statement, provision.pk)
    assert Provision.objects.filter(pk=provision.pk).values().get() == before


@pytest.mark.django_db
def test_a_sealed_version_takes_no_more_provisions_and_cannot_be_unsealed() -> None:
    version = make_version()
    with pytest.raises(DatabaseError, match=frozen.MARK), transaction.atomic():
        Provision.objects.create(
            version=version, order=99, kind="section", eid="sec_99", sha256="0" * 64
        )
    unseal = "UPDATE drafts_draftversion SET sealed = false WHERE id = %s"
    assert refused(unseal, version.pk)
    assert refused("DELETE FROM drafts_draftversion WHERE id = %s", version.pk)


@pytest.mark.django_db
def test_queryset_update_and_delete_are_refused() -> None:
    version = make_version()
    with pytest.raises(DatabaseError), transaction.atomic():
        version.provisions.update(text="x")
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        version.provisions.all().delete()
    assert version.provisions.count() == 3


@pytest.mark.django_db
def test_replace_into_is_refused_too() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE INTO is SQLite's")
    provision = make_version().provisions.first()
    assert refused(
        "REPLACE INTO drafts_provision SELECT * FROM drafts_provision WHERE id = %s",
        provision.pk,
    )
    (comment,) = make_comments(make_round(), ["คำของประชาชน"])
    assert refused(
        "REPLACE INTO comments_commenttext "
        "SELECT * FROM comments_commenttext WHERE comment_id = %s",
        comment.pk,
    )


@pytest.mark.django_db
def test_comments_keep_what_was_said_and_of_what() -> None:
    round_ = make_round()
    (comment,) = make_comments(round_, ["คำของประชาชน"])
    other = round_.version.provisions.last()
    for sql in (
        f"UPDATE comments_comment SET provision_id = {other.pk} WHERE id = %s",
        "UPDATE comments_comment SET stance = 'agree' WHERE id = %s",
        "UPDATE comments_comment SET late = true WHERE id = %s",
        "DELETE FROM comments_comment WHERE id = %s",
        "UPDATE comments_commenttext SET text = 'x' WHERE comment_id = %s",
        "DELETE FROM comments_commenttext WHERE comment_id = %s",
    ):
        assert refused(sql, comment.pk), sql
    assert refused(
        "UPDATE comments_submission SET receipt = 'x' WHERE id = %s",
        comment.submission_id,
    )
    # What may change still changes: status follows moderation.
    Comment.objects.filter(pk=comment.pk).update(status="hidden")
    assert CommentText.objects.get(comment=comment).text == "คำของประชาชน"


@pytest.mark.django_db
def test_the_audit_log_is_append_only() -> None:
    version = make_version()
    entry = audit.record(version, "version.frozen")
    assert refused("UPDATE drafts_auditentry SET action = 'x' WHERE id = %s", entry.pk)
    assert refused("DELETE FROM drafts_auditentry WHERE id = %s", entry.pk)
    assert AuditEntry.objects.filter(pk=entry.pk, action="version.frozen").exists()


@pytest.mark.django_db(transaction=True)
def test_a_later_migration_that_rebuilds_the_table_keeps_the_guard() -> None:
    """Alter the table as a later migration would, then send what migrate sends."""
    provision = make_version().provisions.first()
    state = ProjectState.from_apps(apps)
    add = migrations.AddField(
        "provision", "later", models.CharField(max_length=10, default="", null=False)
    )
    alter = migrations.AlterField(
        "provision", "heading", models.CharField(max_length=500, blank=True)
    )
    for operation in (add, alter):
        before = state.clone()
        operation.state_forwards("drafts", state)
        with connection.schema_editor() as editor:
            operation.database_forwards("drafts", editor, before, state)
    try:
        if connection.vendor == "sqlite":
            # The rebuild dropped them: the system check must say so.
            assert frozen.missing(connection)
            assert [one.id for one in frozen.check_triggers(databases=["default"])] == [
                "drafts.E001"
            ]
        call_command("migrate", verbosity=0)
        assert frozen.missing(connection) == []
        for statement in STATEMENTS:
            assert refused(statement, provision.pk), statement
    finally:
        # Put the table back for the tests that follow.
        frozen.remove(connection)
        original = ProjectState.from_apps(apps)
        for operation in (alter, add):
            with connection.schema_editor() as editor:
                operation.database_backwards("drafts", editor, state, original)
        frozen.install(connection)


@pytest.mark.django_db(transaction=True)
def test_truncate_is_refused_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    make_version()
    assert refused("TRUNCATE drafts_provision CASCADE")


@pytest.mark.django_db
def test_every_frozen_table_exists() -> None:
    tables = set(connection.introspection.table_names())
    assert {one.table for one in frozen.frozen_tables()} <= tables
    assert frozen.missing(connection) == []


@pytest.mark.django_db
def test_a_new_release_can_be_migrated_from_the_command_line(monkeypatch) -> None:
    """``migrate`` runs the check before it makes the new tables and their triggers."""
    recorder = MigrationRecorder(connection)
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("drafts")
    frozen.remove(connection)
    try:
        assert frozen.check_triggers(databases=["default"])
        recorder.record_unapplied(*newest)
        assert frozen.check_triggers(databases=["default"]) == []
    finally:
        recorder.record_applied(*newest)
        frozen.install(connection)
    assert frozen.check_triggers(databases=["default"]) == []
