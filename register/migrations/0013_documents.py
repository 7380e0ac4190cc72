"""Official documents by their verification code: what paper, whose, of which day, with which hash; nobody's name and no
case (R-47; DOMAIN §7.4). Plain SQL of PostgreSQL 15."""

from django.db import migrations, models

FORWARD = """
CREATE VIEW public_register.official_document AS
  SELECT d.id, d.public_id AS code, d.kind, d.title, d.facts ->> 'title_en' AS title_en, d.number, d.authority_code,
         d.authority_name, d.facts ->> 'authority_en' AS authority_name_en, d.dated_on, d.signed_at,
         d.pdf_sha256 AS sha256
    FROM certificates_officialdocument d
   WHERE d.status = 'issued';
"""
BACKWARD = "DROP VIEW public_register.official_document;"

_text = models.CharField


class Migration(migrations.Migration):
    dependencies = [("register", "0012_corrections"), ("certificates", "0002_documents")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="PublicDocument",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", _text(max_length=32)),
                ("kind", _text(max_length=24)),
                ("title", _text(max_length=60)),
                ("title_en", _text(max_length=200)),
                ("number", _text(max_length=40)),
                ("authority_code", _text(max_length=6)),
                ("authority_name", _text(max_length=100)),
                ("authority_name_en", _text(max_length=200)),
                ("dated_on", models.DateField()),
                ("signed_at", models.DateTimeField()),
                ("sha256", _text(max_length=64)),
            ],
            options={"db_table": '"public_register"."official_document"', "abstract": False, "managed": False},
        ),
    ]
