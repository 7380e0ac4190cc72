from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from core.workdays import package
from core.workdays.actions import import_year


class Command(BaseCommand):
    help = "Take the years chinesecalendar knows into the calendar of record; years already there stay."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        at, years = timezone.now(), package.years()
        for year in years:
            import_year(year=year, at=at)
        self.stdout.write(f"{years[0]}–{years[-1]}: {package.PACKAGE}")
