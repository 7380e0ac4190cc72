"""The work list in the order of its due dates, and open cases apart from the many that are done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licensing", "0006_open_questions"), ("parties", "0005_name_pairs")]
    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["next_due_on", "id"], name="case_by_due"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["next_due_on", "id"],
                name="case_open",
                condition=models.Q(
                    status__in=[
                        "accepted",
                        "correction_requested",
                        "decision_pending",
                        "review_completed",
                        "review_failed",
                        "submitted",
                        "under_review",
                    ]
                ),
            ),
        ),
    ]
