"""`verify_certificate FILE.pdf [--json]`: exit 0 in force, 3 authentic but not in force, 1 otherwise.

An official document has no term: authentic and unaltered is all there is to it, and exits 0.
"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates.authenticity import MAX_BYTES, Verdict
from certificates.documents.facts import DocumentFacts
from certificates.queries import verify
from certificates.status import UNKNOWN, Standing, standing
from core.lifecycle.dates import shanghai_date

GENUINE_NOT_IN_FORCE = 3


class Command(BaseCommand):
    help = "核验证书或文书文件：真实、未改动、今日有效（文书没有有效期）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, file: Path, as_json: bool, **options: Any) -> None:
        try:
            with file.open("rb") as source:
                content = source.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"文件打不开：{error}") from error
        verdict = verify(content)
        found = UNKNOWN
        if verdict.facts:
            today = shanghai_date(timezone.now())
            found = standing(verdict.licence_number, version=verdict.facts.version, today=today)
        answer = _answer(verdict, found)
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for name, value in answer.items():
                if name != "facts":
                    self.stdout.write(f"{name}: {value}")
        sys.exit(_exit_code(verdict, found))


def _answer(verdict: Verdict, found: Standing) -> dict[str, Any]:
    if verdict.document:
        return _answer_about_document(verdict, verdict.document)
    return {
        "authentic": verdict.authentic,
        "unaltered": verdict.unaltered,
        "in_force": found.in_force,
        "finding": str(verdict.finding),
        "status": "" if found.in_force else found.reason,
        "licence_number": verdict.licence_number,
        "signer": verdict.signer,
        "signed_at": verdict.signed_at,
        "facts": verdict.facts.as_json() if verdict.facts else None,
    }


def _answer_about_document(verdict: Verdict, document: DocumentFacts) -> dict[str, Any]:
    return {
        "authentic": verdict.authentic,
        "unaltered": verdict.unaltered,
        "in_force": None,
        "finding": str(verdict.finding),
        "status": "no_term",
        "document": document.title,
        "kind": document.kind,
        "number": document.number,
        "authority": document.authority_name,
        "dated_on": document.dated_on.isoformat(),
        "signer": verdict.signer,
        "signed_at": verdict.signed_at,
        "facts": document.as_json(),
    }


def _exit_code(verdict: Verdict, found: Standing) -> int:
    if not verdict.genuine:
        return 1
    if verdict.document:
        return 0
    return 0 if found.in_force else GENUINE_NOT_IN_FORCE
