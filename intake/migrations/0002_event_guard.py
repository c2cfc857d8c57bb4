"""The audit trail refuses edits and deletions in the database itself, not only in Python."""

from django.db import migrations

POSTGRES = """
CREATE FUNCTION intake_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.dispatched_at IS NULL
     AND to_jsonb(NEW) - 'dispatched_at' = to_jsonb(OLD) - 'dispatched_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'intake_event is append-only';
END $$;
CREATE TRIGGER intake_event_guard BEFORE UPDATE OR DELETE ON intake_event
FOR EACH ROW EXECUTE FUNCTION intake_event_guard();
"""
POSTGRES_BACK = """
DROP TRIGGER intake_event_guard ON intake_event;
DROP FUNCTION intake_event_guard();
"""

SQLITE = [
    """
    CREATE TRIGGER intake_event_no_delete BEFORE DELETE ON intake_event
    BEGIN SELECT RAISE(ABORT, 'intake_event is append-only'); END
    """,
    """
    CREATE TRIGGER intake_event_no_update BEFORE UPDATE ON intake_event
    WHEN OLD.dispatched_at IS NOT NULL
      OR NEW.id IS NOT OLD.id OR NEW.submission_id IS NOT OLD.submission_id
      OR NEW.name IS NOT OLD.name OR NEW.from_status IS NOT OLD.from_status
      OR NEW.to_status IS NOT OLD.to_status OR NEW.actor_id IS NOT OLD.actor_id
      OR NEW.note IS NOT OLD.note OR NEW.data IS NOT OLD.data
      OR NEW.created_at IS NOT OLD.created_at
    BEGIN SELECT RAISE(ABORT, 'intake_event is append-only'); END
    """,
]
SQLITE_BACK = ["DROP TRIGGER intake_event_no_delete", "DROP TRIGGER intake_event_no_update"]


def _run(schema_editor, postgres: str, sqlite: list[str]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgres, params=None)
    else:
        for statement in sqlite:
            schema_editor.execute(statement)


def guard(apps, schema_editor) -> None:
    _run(schema_editor, POSTGRES, SQLITE)


def unguard(apps, schema_editor) -> None:
    _run(schema_editor, POSTGRES_BACK, SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
