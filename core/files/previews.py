"""Pictures of pages, made by the server and kept beside the store, so that any screen can show any document."""

import os
from pathlib import Path

from django.conf import settings

from core.files import sandbox
from core.files.errors import FileDamaged, FileWithoutPages
from core.files.intake import new_path
from core.files.models import StoredFile

EDGE = 1_600
DIRECTORY = "previews"


def page_picture(stored: StoredFile, page: int) -> Path:
    """The JPEG of one page, drawn once per content. Raises FileNotFoundError when there is none to show."""
    source = stored.blob.location
    if not stored.can_open or not 1 <= page <= (stored.pages or page) or not source.exists():
        raise FileNotFoundError(f"{stored.public_id} page {page}")
    target = _directory(stored.sha256) / f"{stored.sha256}-{page}.jpg"
    if target.exists():
        return target
    fresh = new_path()
    try:
        sandbox.draw_page(source, fresh, stored.content_type, page, EDGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh, target)
    except (FileDamaged, FileWithoutPages) as error:
        raise FileNotFoundError(f"{stored.public_id} page {page} cannot be drawn") from error
    finally:
        fresh.unlink(missing_ok=True)
    return target


def forget(sha256: str) -> None:
    """Remove the pictures of a content that is gone."""
    for picture in _directory(sha256).glob(f"{sha256}-*.jpg"):
        picture.unlink(missing_ok=True)


def _directory(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / DIRECTORY / sha256[:2]
