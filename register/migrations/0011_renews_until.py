"""The term the law adds to a licence whose renewal is undecided; what is under way already is filled in."""

from typing import Any

from django.db import migrations, models

from core.lifecycle.dates import shanghai_date
from licensing.lifecycle import UNDER_CLOCK
from licensing.terms import Filed, deemed_term


def backfill(apps: Any, schema_editor: Any) -> None:
    licence, application = apps.get_model("register", "Licence"), apps.get_model("licensing", "Application")
    owner = schema_editor.connection.alias
    renewals = application.objects.using(owner).filter(kind="renewal", licence__isnull=False, status__in=sorted(UNDER_CLOCK))
    for case in renewals.select_related("licence"):
        first, received = shanghai_date(case.first_received_at), shanghai_date(case.received_at)
        if Filed(case.status, first, received, case.term_ends_on).may_be_deemed:
            copies = licence.objects.using(owner).filter(number=case.licence.number, valid_until=case.term_ends_on)
            copies.update(renews_until=deemed_term(case.term_ends_on).valid_until)


class Migration(migrations.Migration):
    dependencies = [("register", "0010_stated"), ("licensing", "0016_reviewed_on_a_statement")]

    operations = [
        migrations.AddField(
            model_name="licence",
            name="renews_until",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(backfill, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(renews_until__isnull=True)
                | models.Q(renews_until__gt=models.F("valid_until")),
                name="public_licence_renews_later",
            ),
        ),
    ]
