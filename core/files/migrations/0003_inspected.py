"""Pages, measures, scan and changes of stored documents."""

from django.db import migrations, models
from django.db.models import Q

SCANS = [
    ("clean", "已做病毒扫描"),
    ("not_scanned", "未做病毒扫描"),
    ("pending", "等待病毒扫描"),
    ("infected", "带有病毒，已删除"),
    ("generated", "系统生成"),
]


class Migration(migrations.Migration):

    dependencies = [("files", "0002_initial")]

    operations = [
        migrations.AddField("blob", "pages", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("blob", "width", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("blob", "height", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("blob", "scan", models.CharField(choices=SCANS, default="not_scanned", max_length=12)),
        migrations.AddField("blob", "scanned_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("blob", "infection", models.CharField(blank=True, max_length=120, default=""), preserve_default=False),
        migrations.AddField("storedfile", "changes", models.JSONField(default=list)),
        migrations.AddConstraint("blob", models.CheckConstraint(
            condition=Q(scan__in=["clean", "not_scanned", "pending", "infected", "generated"]),
            name="blob_scan_known",
        )),
        migrations.AddConstraint("blob", models.CheckConstraint(
            condition=Q(scan__in=["clean", "infected"], scanned_at__isnull=False)
            | Q(scan__in=["not_scanned", "pending", "generated"], scanned_at__isnull=True),
            name="blob_verdict_has_its_time",
        )),
        migrations.AddConstraint("blob", models.CheckConstraint(
            condition=Q(scan="infected") & ~Q(infection="") | ~Q(scan="infected") & Q(infection=""),
            name="blob_infection_is_named",
        )),
        migrations.AddConstraint("blob", models.CheckConstraint(
            condition=Q(pages__isnull=True) | Q(pages__gte=1), name="blob_has_pages"
        )),
        migrations.AddConstraint("blob", models.CheckConstraint(
            condition=Q(width__isnull=True, height__isnull=True)
            | Q(width__isnull=False, height__isnull=False, width__gte=1, height__gte=1),
            name="blob_picture_has_both_edges",
        )),
        migrations.AddConstraint("storedfile", models.CheckConstraint(
            condition=~Q(filename=""), name="stored_file_has_a_name"
        )),
        migrations.AddIndex("blob", models.Index(
            condition=Q(scan__in=["pending", "not_scanned"]), fields=["created_at"], name="blob_to_scan"
        )),
    ]
