from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from core.workdays import package
from core.workdays.actions import import_year


class Command(BaseCommand):
    help = "Take the years chinesecalendar knows into the calendar of record; years already there stay."

    def handle(self, *args: Any, **options: Any) -> None:
        years = package.years()
        load(timezone.now())
        self.stdout.write(f"{years[0]}–{years[-1]}: {package.PACKAGE}")


@transaction.atomic
def load(at: datetime) -> None:
    for year in package.years():
        import_year(year=year, at=at)
