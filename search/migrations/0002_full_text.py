"""Full-text structures of the database engine, per vendor."""

from django.db import migrations

SQLITE = [
    # A token is whatever stands between spaces: search/backends/database.py maps
    # all other characters to the private-use area, which counts as a letter here.
    """CREATE VIRTUAL TABLE search_fts USING fts5(
        title_tokens, body_tokens, parts,
        content='search_indexeddocument', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'")""",
    """CREATE TRIGGER search_fts_insert AFTER INSERT ON search_indexeddocument BEGIN
        INSERT INTO search_fts(rowid, title_tokens, body_tokens, parts)
        VALUES (new.id, new.title_tokens, new.body_tokens, new.parts); END""",
    """CREATE TRIGGER search_fts_delete AFTER DELETE ON search_indexeddocument BEGIN
        INSERT INTO search_fts(search_fts, rowid, title_tokens, body_tokens, parts)
        VALUES ('delete', old.id, old.title_tokens, old.body_tokens, old.parts); END""",
    """CREATE TRIGGER search_fts_update AFTER UPDATE ON search_indexeddocument BEGIN
        INSERT INTO search_fts(search_fts, rowid, title_tokens, body_tokens, parts)
        VALUES ('delete', old.id, old.title_tokens, old.body_tokens, old.parts);
        INSERT INTO search_fts(rowid, title_tokens, body_tokens, parts)
        VALUES (new.id, new.title_tokens, new.body_tokens, new.parts); END""",
]
POSTGRESQL = [
    "ALTER TABLE search_indexeddocument ADD COLUMN terms tsvector",
    "CREATE INDEX search_indexeddocument_terms ON search_indexeddocument USING gin (terms)",
]


def create(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER search_fts_{name}")
        schema_editor.execute("DROP TABLE search_fts")
    else:
        schema_editor.execute("ALTER TABLE search_indexeddocument DROP COLUMN terms")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
