"""For the guide "do I need a licence?": who takes applications, and by which instrument the list changed (R-95).

Views run with their owner's rights and name every column. Plain SQL of PostgreSQL 15.
"""

import django.db.models.manager
from django.db import migrations, models

FORWARD = """
CREATE VIEW public_register.authority AS
  SELECT id, code, level, name_zh, name_en, short_zh
    FROM parties_authority
   WHERE level IN ('national', 'provincial');

CREATE VIEW public_register.catalogue_edition AS
  SELECT id, number, effective_from, effective_to, instrument_name, instrument_number, instrument_date
    FROM catalog_catalogueversion
   WHERE status = 'published' AND effective_from IS NOT NULL;
"""

BACKWARD = """
DROP VIEW public_register.catalogue_edition;
DROP VIEW public_register.authority;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0003_views")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="PublicAuthority",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=6)),
                ("level", models.CharField(max_length=10)),
                ("name_zh", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=200)),
                ("short_zh", models.CharField(max_length=64)),
            ],
            options={"db_table": '"public_register"."authority"', "abstract": False, "managed": False},
            managers=[("public", django.db.models.manager.Manager())],
        ),
        migrations.CreateModel(
            name="CatalogueEdition",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(null=True)),
                ("instrument_name", models.CharField(max_length=200)),
                ("instrument_number", models.CharField(max_length=64)),
                ("instrument_date", models.DateField(null=True)),
            ],
            options={"db_table": '"public_register"."catalogue_edition"', "abstract": False, "managed": False},
            managers=[("public", django.db.models.manager.Manager())],
        ),
    ]
