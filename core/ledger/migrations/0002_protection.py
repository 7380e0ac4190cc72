"""The database stamps, chains and protects the ledger (DESIGN §3). Plain SQL of PostgreSQL 15."""

from django.db import migrations

FORWARD = """
CREATE SCHEMA IF NOT EXISTS public_register;

CREATE FUNCTION ledger_entry_digest(e ledger_ledgerentry) RETURNS bytea
LANGUAGE sql IMMUTABLE SET timezone = 'UTC' AS $$
  SELECT sha256(convert_to(concat_ws(E'\\x1f',
    coalesce(encode(e.prev_hash, 'hex'), ''), e.act, e.subject_kind, e.subject_id, e.subject_version::text,
    e.actor_kind, e.actor_code, e.organisation, e.organisation_label,
    extract(epoch FROM e.effective_at)::text, extract(epoch FROM e.recorded_at)::text, e.dating,
    e.legal_basis::text, e.public::text, e.internal::text, e.personal::text), 'UTF8'))
$$;

CREATE FUNCTION ledger_stamp() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
  world_simulated boolean;
  last ledger_ledgerentry%ROWTYPE;
BEGIN
  NEW.recorded_at := clock_timestamp();
  SELECT simulated INTO world_simulated FROM ledger_world;
  IF NOT coalesce(world_simulated, false) AND NEW.dating = 'clock'
     AND abs(extract(epoch FROM NEW.effective_at - NEW.recorded_at)) > 60 THEN
    RAISE EXCEPTION 'ledger: % is dated % but recorded %; only named acts may differ by more than 60 s',
      NEW.act, NEW.effective_at, NEW.recorded_at USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.dating <> 'clock' AND NEW.actor_kind <> 'system' THEN
    RAISE EXCEPTION 'ledger: % is dated by % , which only the system may', NEW.act, NEW.dating
      USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO last FROM ledger_ledgerentry
   WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id
   ORDER BY subject_version DESC LIMIT 1;
  IF NEW.subject_version <> coalesce(last.subject_version, 0) + 1 THEN
    RAISE EXCEPTION 'ledger: %:% has version %, an entry for version % does not follow',
      NEW.subject_kind, NEW.subject_id, coalesce(last.subject_version, 0), NEW.subject_version
      USING ERRCODE = 'unique_violation';
  END IF;
  NEW.prev_hash := last.entry_hash;
  NEW.entry_hash := ledger_entry_digest(NEW);
  RETURN NEW;
END $$;

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_stamp BEFORE INSERT ON ledger_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_stamp();
CREATE TRIGGER ledger_keep BEFORE UPDATE OR DELETE ON ledger_ledgerentry
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_keep_all BEFORE TRUNCATE ON ledger_ledgerentry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER world_keep BEFORE UPDATE OR DELETE ON ledger_world FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER world_keep_all BEFORE TRUNCATE ON ledger_world
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

BACKWARD = """
DROP TRIGGER world_keep_all ON ledger_world;
DROP TRIGGER world_keep ON ledger_world;
DROP TRIGGER ledger_keep_all ON ledger_ledgerentry;
DROP TRIGGER ledger_keep ON ledger_ledgerentry;
DROP TRIGGER ledger_stamp ON ledger_ledgerentry;
DROP FUNCTION ledger_refuse();
DROP FUNCTION ledger_stamp();
DROP FUNCTION ledger_entry_digest(ledger_ledgerentry);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
