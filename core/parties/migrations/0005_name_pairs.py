"""Part of a name, found by its pairs of neighbouring characters: a trigram index needs three, many names are asked by two.

Plain SQL of PostgreSQL 15.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION name_pairs(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT ARRAY(SELECT DISTINCT substr(name, n, 2) FROM generate_series(1, length(name) - 1) n)
$$;
CREATE INDEX enterprise_name_pairs ON parties_enterprise USING gin (name_pairs(upper(name::text)));
"""

BACKWARD = """
DROP INDEX enterprise_name_pairs;
DROP FUNCTION name_pairs(text);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_stand_in_and_granted_by")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
