"""Who took a review in hand before this was kept has made his statement; only a case given to him waits for it."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast

GIVEN = ("licensing.assign_review", "licensing.hand_over")
HANDS = (*GIVEN, "licensing.take_review", "licensing.take_over")


def backfill(apps: Any, schema_editor: Any) -> None:
    application, entry = apps.get_model("licensing", "Application"), apps.get_model("ledger", "LedgerEntry")
    owner = schema_editor.connection.alias
    acts = entry.objects.using(owner).filter(
        subject_kind="licensing.application", subject_id=Cast(OuterRef("public_id"), TextField()), act__in=HANDS
    )
    cases = application.objects.using(owner).filter(reviewer__isnull=False, reviewer_stated=False)
    waiting = cases.annotate(last=Subquery(acts.order_by("-subject_version").values("act")[:1])).filter(
        status="under_review", last__in=GIVEN
    )
    cases.exclude(pk__in=waiting.values("pk")).update(reviewer_stated=True)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("licensing", "0015_reviewer_stated")]

    operations = [
        migrations.RunPython(backfill, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=["review_completed", "review_failed", "decision_pending"])
                | Q(reviewer__isnull=True)
                | Q(reviewer_stated=True),
                name="application_reviewed_on_a_statement",
            ),
        ),
    ]
