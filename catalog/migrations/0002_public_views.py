"""Plain values only in a unit's attributes (R-7), and what the public may read of the catalogue (DESIGN §3).

The views run with their owner's rights and name every column: notes and sources of the import stay inside, drafts
too. Plain SQL of PostgreSQL 15.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE catalog_unitversion ADD CONSTRAINT unit_attributes_plain CHECK (
  jsonb_typeof(attributes) = 'object'
  AND NOT jsonb_path_exists(attributes, 'strict $.* ? (@.type() != "array")')
  AND NOT jsonb_path_exists(attributes, 'strict $.*[*] ? (@.type() == "array" || @.type() == "object")', '{}', true)
);

CREATE SCHEMA IF NOT EXISTS public_register;

CREATE VIEW public_register.catalogue_category AS
  SELECT v.id, c.key, c.ordinal, v.name_zh, v.name_en, v.sort_key, v.xk_code, v.xk_mark,
         v.authority_level AS level, v.level_mark, v.level_reason, v.group AS group_code, v.evidence, v.unverified,
         v.valid_from, v.valid_to, v.acceptance_closed_from, v.delisted_on,
         e.timeline, e.number AS catalogue_number, e.instrument_name, e.instrument_number, e.instrument_date
    FROM catalog_categoryversion v
    JOIN catalog_productcategory c ON c.id = v.category_id
    JOIN catalog_catalogueversion e ON e.id = v.catalogue_version_id
   WHERE e.status = 'published' AND v.valid_from IS NOT NULL;

CREATE VIEW public_register.catalogue_unit AS
  SELECT v.id, u.key, c.key AS category_key, v.ordinal, v.name_zh, v.name_en, v.attributes, v.valid_from, v.valid_to
    FROM catalog_unitversion v
    JOIN catalog_productunit u ON u.id = v.unit_id
    JOIN catalog_productcategory c ON c.id = u.category_id
    JOIN catalog_catalogueversion e ON e.id = v.catalogue_version_id
   WHERE e.status = 'published' AND v.valid_from IS NOT NULL;
"""

BACKWARD = """
DROP VIEW public_register.catalogue_unit;
DROP VIEW public_register.catalogue_category;
ALTER TABLE catalog_unitversion DROP CONSTRAINT unit_attributes_plain;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
