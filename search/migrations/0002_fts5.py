"""SQLite's full-text tables over the prepared copies, kept in step by triggers.

The copies are the content (`content=`), so a text is stored once. A later migration that makes
Django rebuild a copy's table on SQLite drops the triggers: it must run `create` again.
"""

from django.db import migrations

COLUMNS = ("title", "body", "title_folded", "body_folded")
TABLES = {
    "search_submission_words": ("search_submissionentry", "submission_id"),
    "search_answer_words": ("search_answerentry", "page_id"),
}


def statements(table: str, content: str, key: str) -> list[str]:
    columns = ", ".join(COLUMNS)
    new, old = (", ".join(f"{side}.{column}" for column in COLUMNS) for side in ("new", "old"))
    add = f"INSERT INTO {table}(rowid, {columns}) VALUES (new.{key}, {new});"
    remove = f"INSERT INTO {table}({table}, rowid, {columns}) VALUES ('delete', old.{key}, {old});"
    return [
        f"""CREATE VIRTUAL TABLE {table} USING fts5(
            {columns}, content='{content}', content_rowid='{key}', tokenize='unicode61 remove_diacritics 0'
        )""",
        f"INSERT INTO {table}({table}) VALUES ('rebuild')",
        f"CREATE TRIGGER {table}_insert AFTER INSERT ON {content} BEGIN {add} END",
        f"CREATE TRIGGER {table}_delete AFTER DELETE ON {content} BEGIN {remove} END",
        f"CREATE TRIGGER {table}_update AFTER UPDATE OF {columns} ON {content} BEGIN {remove} {add} END",
    ]


def create(apps, schema_editor) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, (content, key) in TABLES.items():
        for statement in statements(table, content, key):
            schema_editor.execute(statement)


def drop(apps, schema_editor) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in TABLES:
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{event}")
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
