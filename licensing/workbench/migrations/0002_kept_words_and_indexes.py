"""A note stays as it was written, held by the database; and what the workbench looks for has an index of its own.

The words of a note can only be erased (personal information law), never replaced. Cases are sorted by receipt, and
those at an address are found by the addresses they name. Plain SQL of PostgreSQL 15.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION workbench_note_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.text IS DISTINCT FROM OLD.text AND NEW.text <> ''
     OR NEW.author_id <> OLD.author_id OR NEW.application_id <> OLD.application_id
     OR NEW.written_at <> OLD.written_at OR NEW.public_id <> OLD.public_id
     OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
    RAISE EXCEPTION 'a note stays as it was written' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER workbench_note_is_kept BEFORE UPDATE ON workbench_casenote
  FOR EACH ROW EXECUTE FUNCTION workbench_note_is_kept();
CREATE INDEX case_by_receipt ON licensing_application (received_at, id);
CREATE INDEX case_at_site ON licensing_application USING gin ((filed -> 'sites') jsonb_path_ops);
"""

BACKWARD = """
DROP INDEX case_at_site;
DROP INDEX case_by_receipt;
DROP TRIGGER workbench_note_is_kept ON workbench_casenote;
DROP FUNCTION workbench_note_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("workbench", "0001_initial"), ("licensing", "0016_reviewed_on_a_statement")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
