"""A day belongs to the year of its version, by a compound foreign key (plain SQL of PostgreSQL 15)."""

from django.db import migrations

FORWARD = """
ALTER TABLE workdays_calendarversion ADD CONSTRAINT calendar_version_year UNIQUE (id, year);
ALTER TABLE workdays_calendarday ADD CONSTRAINT calendar_day_year_of_version
  FOREIGN KEY (version_id, year) REFERENCES workdays_calendarversion (id, year) DEFERRABLE INITIALLY IMMEDIATE;
"""

BACKWARD = """
ALTER TABLE workdays_calendarday DROP CONSTRAINT calendar_day_year_of_version;
ALTER TABLE workdays_calendarversion DROP CONSTRAINT calendar_version_year;
"""


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
