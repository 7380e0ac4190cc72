import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.demo.accounts import accounts, with_stories
from portal.demo.world import NotADemoWorld, require_demo


class Command(BaseCommand):
    help = "List the demo accounts: user, password, role, organisation and TOTP secret."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_demo()
        except NotADemoWorld as error:
            raise CommandError(str(error)) from error
        rows = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in with_stories():
            second = f"  TOTP {row['totp_secret']}" if row["totp_secret"] else ""
            self.stdout.write(f"{row['user']:<16}{row['password']}  {row['role']} · {row['name']}{second}")
        others = len(rows) - len(with_stories())
        self.stdout.write(
            f"另有 {others} 家企业 / {others} more producers: ./dev manage demo_accounts --json"
        )
        self.stdout.write(
            "或者：./dev manage demo_login USER 打印一次性登录链接 / prints a one-time sign-in link"
        )
