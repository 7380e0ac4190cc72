"""What the system may grant at once is announced, and what holders committed to is public after the grant (R-28, R-85;
DOMAIN §8). Plain SQL of PostgreSQL 15; nobody's name passes. Licences that are there already are filled in."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from core.lifecycle.dates import shanghai_date

FORWARD = """
CREATE VIEW public_register.standing_order AS
  SELECT o.id, o.number, a.code AS authority_code, a.name_zh AS authority_zh, a.name_en AS authority_en,
         coalesce(c.key, '') AS category_key, o.profile, o.rules_version, o.valid_from, o.valid_to,
         o.sampling_percent, (o.signed_at AT TIME ZONE 'Asia/Shanghai')::date AS signed_on, o.revoked_at
    FROM licensing_standingorder o
    JOIN parties_authority a ON a.id = o.authority_id
    LEFT JOIN catalog_productcategory c ON c.id = o.category_id;
"""
BACKWARD = "DROP VIEW public_register.standing_order;"

_text = models.CharField


def backfill(apps: Any, schema_editor: Any) -> None:
    licence, application = apps.get_model("register", "Licence"), apps.get_model("licensing", "Application")
    owner = schema_editor.connection.alias
    granted = application.objects.using(owner).filter(
        Q(decision__result="granted") | Q(deemed_renewal_on__isnull=False), licence__isnull=False,
        commitment__isnull=False,
    )  # fmt: skip
    found: dict[str, list[dict[str, str]]] = {}
    for case in granted.select_related("licence", "commitment").order_by("pk"):
        signed = case.commitment
        found.setdefault(case.licence.number, []).append(
            {"kind": case.kind, "version": signed.text_version, "text": signed.text,
             "signed_on": shanghai_date(signed.signed_at).isoformat(), "sha256": signed.sha256}
        )  # fmt: skip
    for number, rows in found.items():
        licence.objects.using(owner).filter(number=number).update(commitments=rows[::-1])


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0014_provenance"),
        ("licensing", "0018_exemptions_orders_holding"),
        ("catalog", "0002_public_views"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="PublicOrder",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", _text(max_length=40)),
                ("authority_code", _text(max_length=6)),
                ("authority_zh", _text(max_length=100)),
                ("authority_en", _text(max_length=200)),
                ("category_key", _text(max_length=48)),
                ("profile", _text(max_length=24)),
                ("rules_version", _text(max_length=24)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("sampling_percent", models.PositiveSmallIntegerField()),
                ("signed_on", models.DateField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": '"public_register"."standing_order"', "abstract": False, "managed": False},
        ),
        migrations.AddField(model_name="licence", name="commitments", field=models.JSONField(default=list)),
        migrations.RunPython(backfill, migrations.RunPython.noop, elidable=True),
    ]
