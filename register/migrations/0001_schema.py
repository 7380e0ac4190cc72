"""The schema that the public login reads (DESIGN §3); the ledger's migration may have made it already."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0002_protection")]
    operations = [
        migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS public_register", migrations.RunSQL.noop),
    ]
