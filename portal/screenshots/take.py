"""The half that knows the portal: finds the pages, then takes the pictures. Run by `run.py` beside the servers."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

SIGNING_SECONDS = 120


def main(arguments: Sequence[str]) -> int:
    """Exit 0 when every picture was taken and nothing was wrong. Names given are the only pages taken."""
    import django

    django.setup()
    from django.conf import settings

    import portal.celery  # noqa: F401
    from portal.screenshots.album import MOST_BYTES, Album
    from portal.screenshots.camera import Task, take_all
    from portal.screenshots.pages import SHOTS
    from portal.screenshots.places import Places
    from portal.screenshots.settings import MOMENT

    settle()
    target, only = Path(arguments[0]), set(arguments[1:])
    state = Path(os.environ["STATE_DIR"])
    places = Places(state)
    shots = [shot for shot in SHOTS if not only or shot.name in only]
    if unknown := only - {shot.name for shot in SHOTS}:
        print(f"没有这些页面 / no such pages: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    tasks = [Task(shot, shot.find(places), places.certificate if shot.upload else None) for shot in shots]
    doors = {who: places.door(who) for who in dict.fromkeys(shot.who for shot in shots) if who}
    album = Album(target, state / "pictures")
    complaints = take_all(settings.PUBLIC_BASE_URL, tasks, album.keep, doors)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    count, size = album.measure()
    print(f"{count} 张图片 / pictures, {size / 1048576:.1f} MB")
    if size > MOST_BYTES:
        print(f"超过 / more than {MOST_BYTES // 1048576} MB", file=sys.stderr)
    if complaints or size > MOST_BYTES:
        return 1
    if only:
        print(f"只拍了一部分，放在 / only some, left in {album.aside}")
    else:
        album.publish(f"{MOMENT:%Y-%m-%d %H:%M}")
    return 0


def settle() -> None:
    """The nation's cases are told, every certificate is signed and, as in a demo world, most are delivered."""
    from django.core.management import call_command
    from django.utils import timezone

    from licensing.models import Application
    from portal.demo.population import take_delivery

    call_command("populate_demo")
    until = time.monotonic() + SIGNING_SECONDS
    while Application.objects.filter(status="granted").exists():
        if time.monotonic() > until:
            raise TimeoutError("certificates are not signed")
        time.sleep(0.5)
    take_delivery(timezone.now())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
