"""What the register publishes of lower floors (DESIGN §3). Views run with their owner's rights and name every column:
nobody's name and no draft passes. Plain SQL of PostgreSQL 15.
"""

from django.db import migrations

FORWARD = """
CREATE VIEW public_register.calendar_day AS
  SELECT v.scope || ':' || v.year || ':' || coalesce(d.date::text, '') AS row,
         v.scope, v.year, d.date, coalesce(d.kind, '') AS kind, coalesce(d.name, '') AS name,
         coalesce(d.source, v.source) AS source
    FROM workdays_calendarversion v
    LEFT JOIN workdays_calendarday d ON d.version_id = v.id
   WHERE v.superseded_at IS NULL;

CREATE VIEW public_register.trusted_issuer AS
  SELECT id, certificate FROM certificates_trustedissuer;

CREATE VIEW public_register.freshness AS
  SELECT 1 AS id, min(e.recorded_at) AS pending_since
    FROM (SELECT event_id, subscriber FROM outbox_delivery WHERE status = 'due'
           UNION ALL
          SELECT event_id, subscriber FROM outbox_delivery WHERE status = 'parked') d
    JOIN outbox_event e ON e.id = d.event_id
   WHERE d.subscriber LIKE 'register.licence.%' OR d.subscriber LIKE 'register.progress.%';

CREATE VIEW public_register.desk AS
  SELECT 1 AS id,
         (SELECT coalesce(jsonb_agg(jsonb_build_array(key, name_zh, name_en) ORDER BY sort_key), '[]')
            FROM public_register.catalogue_category c
           WHERE NOT EXISTS (SELECT 1 FROM public_register.catalogue_category later
                              WHERE later.key = c.key AND later.valid_from > c.valid_from)) AS categories,
         (SELECT coalesce(jsonb_agg(jsonb_build_array(code, short_zh, name_en) ORDER BY code), '[]')
            FROM parties_authority WHERE level = 'provincial') AS provinces,
         (SELECT pending_since FROM public_register.freshness) AS pending_since;
"""

BACKWARD = """
DROP VIEW public_register.desk;
DROP VIEW public_register.freshness;
DROP VIEW public_register.trusted_issuer;
DROP VIEW public_register.calendar_day;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0002_initial"),
        ("catalog", "0002_public_views"),
        ("certificates", "0001_initial"),
        ("outbox", "0001_initial"),
        ("parties", "0001_initial"),
        ("workdays", "0002_days_within_year"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
