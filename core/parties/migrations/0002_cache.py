"""The table of the shared cache: what sign-in must remember between processes (used codes, failed attempts)."""

from django.db import migrations

FORWARD = """
CREATE TABLE portal_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX portal_cache_expires ON portal_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE portal_cache")]
