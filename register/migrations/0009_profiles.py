"""Which rules hold: policy profiles are read by everybody (R-5; DOMAIN §8). Plain SQL of PostgreSQL 15."""

from django.db import migrations, models

FORWARD = """
CREATE VIEW public_register.policy_profile AS
  SELECT p.id, p.code, coalesce(a.name_zh, '') AS province_zh, coalesce(a.name_en, '') AS province_en,
         p.effective_from, p.valid_to, p.intake_days, p.decision_days, p.simple_days, p.correction_days,
         p.delegation_allowed, p.basis_instrument, p.basis_article
    FROM licensing_policyprofile p
    LEFT JOIN parties_authority a ON a.id = p.province_id;
"""
BACKWARD = "DROP VIEW public_register.policy_profile;"

_text = models.CharField
_number = models.PositiveSmallIntegerField


class Migration(migrations.Migration):
    dependencies = [("register", "0008_licence_acts"), ("licensing", "0013_policy_profile")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="PublicProfile",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", _text(max_length=24)),
                ("province_zh", _text(max_length=100)),
                ("province_en", _text(max_length=200)),
                ("effective_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("intake_days", _number()),
                ("decision_days", _number()),
                ("simple_days", _number()),
                ("correction_days", _number()),
                ("delegation_allowed", models.BooleanField()),
                ("basis_instrument", _text(max_length=100)),
                ("basis_article", _text(max_length=50)),
            ],
            options={"db_table": '"public_register"."policy_profile"', "abstract": False, "managed": False},
        ),
    ]
