"""`python -m portal.bench.load cases|open|register COUNT`: fill the bench database of this environment."""

import os
import sys
import time


def main(kind: str, count: int) -> None:
    """As the owner, in one transaction; prints how long it took."""
    import psycopg2
    from django.utils import timezone

    from core.lifecycle.dates import shanghai_date
    from portal.bench.load_cases import LIFE, OPEN, load_cases
    from portal.bench.load_register import load_register

    began, now = time.monotonic(), timezone.now()
    with psycopg2.connect(os.environ["OWNER_DATABASE_URL"]) as connection, connection.cursor() as cursor:
        if kind == "register":
            load_register(cursor, count, today=shanghai_date(now))
        else:
            load_cases(cursor, count, shares={"cases": LIFE, "open": OPEN}[kind], now=now)
    connection.close()
    print(f"{count:,} loaded in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
