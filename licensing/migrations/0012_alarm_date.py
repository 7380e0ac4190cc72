from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0011_kinds'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='alarm_on',
            field=models.DateField(blank=True, null=True),
        ),
    ]
