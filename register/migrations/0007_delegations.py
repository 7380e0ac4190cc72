"""Who decides: delegations are announced to everybody (R-20; L1 art. 24). Plain SQL of PostgreSQL 15."""

from django.db import migrations, models

FORWARD = """
CREATE VIEW public_register.delegation AS
  SELECT d.id, p.code AS province_code, p.name_zh AS province_zh, p.name_en AS province_en,
         c.code AS delegate_code, c.name_zh AS delegate_zh, c.name_en AS delegate_en,
         d.stage, d.category_key, d.valid_from, d.valid_to, d.suspended_on, d.announced_on,
         d.basis_instrument, d.basis_article
    FROM parties_delegation d
    JOIN parties_authority p ON p.id = d.delegator_id
    JOIN parties_authority c ON c.id = d.delegate_id;
"""
BACKWARD = "DROP VIEW public_register.delegation;"

_text = models.CharField


class Migration(migrations.Migration):
    dependencies = [("register", "0006_clock"), ("parties", "0005_name_pairs")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="PublicDelegation",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("province_code", _text(max_length=6)),
                ("province_zh", _text(max_length=100)),
                ("province_en", _text(max_length=200)),
                ("delegate_code", _text(max_length=6)),
                ("delegate_zh", _text(max_length=100)),
                ("delegate_en", _text(max_length=200)),
                ("stage", _text(max_length=12)),
                ("category_key", _text(max_length=48)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("suspended_on", models.DateField(null=True)),
                ("announced_on", models.DateField()),
                ("basis_instrument", _text(max_length=100)),
                ("basis_article", _text(max_length=50)),
            ],
            options={"db_table": '"public_register"."delegation"', "abstract": False, "managed": False},
        ),
    ]
