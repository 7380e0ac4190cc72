"""Scanning again: what came in while the scanner was away, and what came in before there was one."""

from datetime import datetime

from core.files import scanner
from core.files.actions import note_scan
from core.files.models import Blob, Scan

BATCH = 50
SILENCES = 3


def rescan(*, at: datetime, limit: int = BATCH) -> int:
    """Scan what waits, quarantined content first. How many got a verdict.

    Gives up for this time after a few silences of the scanner. In no fixed order, so that a file it never answers
    for holds up nobody else.
    """
    if not scanner.is_configured():
        return 0
    done = silences = 0
    waiting = Blob.objects.filter(scan__in=[Scan.PENDING, Scan.NOT_SCANNED]).order_by("-scan", "?")
    for blob in waiting[:limit]:
        if not blob.location.exists():
            continue
        try:
            verdict = scanner.scan_file(blob.location)
        except scanner.ScannerUnreachable:
            silences += 1
            if silences == SILENCES:
                break
            continue
        note_scan(sha256=blob.sha256, infection=verdict.infection, at=at)
        done += 1
    return done
