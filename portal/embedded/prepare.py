"""The steps between the servers and the web server, in one process: schema, reference data, world, static."""

import os
import sys

STEPS: tuple[tuple[str, ...], ...] = (
    ("migrate", "--no-input", "-v", "0"),
    ("load_reference",),
    ("collectstatic", "--no-input", "-v", "0"),
)
DEMO_STEPS: tuple[tuple[str, ...], ...] = (("create_world", "--simulated"), ("ensure_demo",))
REAL_STEPS: tuple[tuple[str, ...], ...] = (("create_world",),)


def main(accounts: int | None = None) -> int:
    """Run each step; all are safe to repeat. Exit 1 with the name of the one that failed.

    `accounts` is a file descriptor that takes the demo accounts, to be shown when the portal is ready.
    """
    import django
    from django.conf import settings
    from django.core.management import CommandError, call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401

    for name, *options in (*STEPS, *(DEMO_STEPS if settings.WORLD == "demo" else REAL_STEPS)):
        try:
            call_command(name, *options)
        except CommandError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        except Exception:
            print(f"{name}:", file=sys.stderr, flush=True)
            raise
    if accounts is not None and settings.WORLD == "demo":
        with os.fdopen(accounts, "w", encoding="utf-8") as output:
            call_command("demo_accounts", stdout=output)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else None))
