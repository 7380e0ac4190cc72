"""Scanning again: what came in while the scanner was away, and what came in before there was one."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.files import scanner
from core.files.actions import note_scan
from core.files.models import Blob, Scan

BATCH = 50


def rescan(*, at: datetime, limit: int = BATCH) -> int:
    """Scan what waits, quarantined content first; stops at the first silence of the scanner. How many got a verdict."""
    if not scanner.is_configured():
        return 0
    done = 0
    waiting = Blob.objects.filter(scan__in=[Scan.PENDING, Scan.NOT_SCANNED]).order_by("-scan", "created_at")
    for blob in waiting[:limit]:
        source = Path(settings.FILES_DIR) / blob.path
        if not source.exists():
            continue
        try:
            verdict = scanner.scan_file(source)
        except scanner.ScannerUnreachable:
            break
        note_scan(sha256=blob.sha256, infection=verdict.infection, at=at)
        done += 1
    return done
