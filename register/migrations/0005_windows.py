"""The window of an authority stands beside its name in the guide (R-95). Plain SQL of PostgreSQL 15."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE VIEW public_register.authority AS
  SELECT a.id, a.code, a.level, a.name_zh, a.name_en, a.short_zh,
         coalesce(w.phone, '') AS enquiries, coalesce(w.address, '') AS address, coalesce(w.hours, '') AS hours
    FROM parties_authority a
    LEFT JOIN staff_window w ON w.authority_id = a.id
   WHERE a.level IN ('national', 'provincial');
"""

BACKWARD = """
DROP VIEW public_register.authority;
CREATE VIEW public_register.authority AS
  SELECT id, code, level, name_zh, name_en, short_zh
    FROM parties_authority
   WHERE level IN ('national', 'provincial');
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0004_need"), ("staff", "0002_window")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddField("publicauthority", "enquiries", models.CharField(default="", max_length=32)),
        migrations.AddField("publicauthority", "address", models.CharField(default="", max_length=200)),
        migrations.AddField("publicauthority", "hours", models.CharField(default="", max_length=100)),
    ]
