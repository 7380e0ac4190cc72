from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.demo.world import NotADemoWorld, require_demo


class Command(BaseCommand):
    help = "Throw the demo world away and build it anew (demo world only, as the owner login)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_demo()
        except NotADemoWorld as error:
            raise CommandError(str(error)) from error
        connections["default"].close()
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS public_register CASCADE; DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("create_world", simulated=True, verbosity=0)
        call_command("ensure_demo")
        call_command("populate_demo")
