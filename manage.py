"""Django's command line. `./dev manage …` calls it with the environment of the embedded servers."""

import os
import sys


def main() -> None:
    """Hand the command line to Django, with the portal's Celery application as the current one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    import portal.celery  # noqa: F401

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
