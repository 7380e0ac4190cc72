"""The dry run: every row judged, portion by portion; nothing is written to licences (R-90).

What was judged stays judged: after a crash the next portion begins where the last one was committed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction

from core.files.models import Scan
from core.lifecycle.actors import SYSTEM
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.parties.identifiers import normalise_licence_number, normalise_uscc
from core.parties.models import Enterprise
from licensing.imports.actions.act import advance, at_hand, counts
from licensing.imports.comparing import differing, fingerprint, twins
from licensing.imports.findings import Finding, is_wrong
from licensing.imports.lifecycle import Status
from licensing.imports.models import Batch, Found, Row
from licensing.imports.parsing import Raw, read_table
from licensing.imports.reading import clean, folded
from licensing.imports.reference import facts_of, held, reference_of
from licensing.imports.rules import Checked, Reference, judge
from licensing.models import ProductionLicence

PORTION = 1_000
SAME = frozenset({"imports.same_in_file", "imports.same_in_register"})


class Checker:
    """One import being checked. Reads the file once, then as many portions as there is time for."""

    def __init__(self, public_id: UUID | str) -> None:
        self.public_id = public_id

    @cached_property
    def _batch(self) -> Batch:
        return Batch.objects.select_related("authority", "document__blob").get(public_id=self.public_id)

    @cached_property
    def _rows(self) -> Sequence[Raw]:
        return read_table(self._batch.document.read()).rows

    @cached_property
    def _by_number(self) -> Mapping[str, list[int]]:
        """Places of the rows that name a number, for finding it twice."""
        found: dict[str, list[int]] = {}
        for place, row in enumerate(self._rows):
            if number := _number(row):
                found.setdefault(number, []).append(place)
        return found

    @cached_property
    def _first_name(self) -> Mapping[str, tuple[int, str]]:
        """Line and name under which a code appears first."""
        found: dict[str, tuple[int, str]] = {}
        for row in self._rows:
            code = normalise_uscc(row.cells.get("uscc", ""))
            if code and code not in found:
                found[code] = (row.line, clean(row.cells.get("name", "")))
        return found

    @transaction.atomic
    def portion(self, at: datetime) -> int:
        """Judge the next rows; returns how many, 0 when nothing is left or somebody else is at it."""
        batch = at_hand(self.public_id, Status.CHECKING)
        if batch is None or not self._readable(batch, at):
            return 0
        reference = self._reference(at)
        rows = self._rows[batch.rows_checked : batch.rows_checked + PORTION]
        judged = [judge(row, reference) for row in rows]
        findings = _Findings(judged)
        self._among_themselves(judged, reference, findings)
        _against_enterprises(judged, findings)
        _against_register(judged, findings)
        _write(batch, judged, findings)
        batch.failures, batch.next_attempt_at = 0, None
        if batch.rows_checked >= batch.rows_total:
            batch.checked_at = at
            advance(batch, "check", actor=SYSTEM, at=at, public=counts(batch))
        else:
            batch.save()
        return len(rows)

    def _reference(self, at: datetime) -> Reference:
        if not hasattr(self, "_known"):
            self._known = reference_of(self._batch.authority, shanghai_date(at))
        return self._known

    def _readable(self, batch: Batch, at: datetime) -> bool:
        """Whether the file can be read now. One that waits for its scan waits; one that is gone ends the import."""
        if batch.document.scan == Scan.PENDING:
            return False
        try:
            return bool(self._rows)
        except (FileNotFoundError, Invalid):
            batch.closed_at, batch.failures = at, 0
            advance(batch, "stop", actor=SYSTEM, at=at, public=counts(batch))
            return False

    def _among_themselves(self, judged: list[Checked], reference: Reference, findings: "_Findings") -> None:
        """Rows of this file with the same number or, under one code, another name."""
        for row in judged:
            places = self._by_number.get(row.number, ())
            if len(places) > 1:
                lines = {self._rows[place].line: place for place in places}
                said = twins(row.number, list(lines), lambda line: self._print(lines[line], reference))  # noqa: B023
                if row.line in said:
                    findings.add(row.line, said[row.line])
            if row.facts and row.facts["uscc"]:
                line, name = self._first_name.get(row.facts["uscc"], (row.line, row.facts["name"]))
                if folded(name) != folded(row.facts["name"]):
                    findings.add(
                        row.line,
                        Finding(
                            "imports.two_names", "name", row.facts["name"], {"line": str(line), "name": name}
                        ),
                    )

    def _print(self, place: int, reference: Reference) -> str:
        """What a row says, whether it is right or not."""
        raw = self._rows[place]
        facts = judge(raw, reference).facts
        return (
            fingerprint(facts)
            if facts
            else repr(sorted((key, folded(text)) for key, text in raw.cells.items()))
        )


class _Findings:
    """What was found in the rows of one portion, by line."""

    def __init__(self, judged: Iterable[Checked]) -> None:
        self.by_line: dict[int, list[Finding]] = {row.line: list(row.findings) for row in judged}

    def add(self, line: int, finding: Finding) -> None:
        self.by_line[line].append(finding)

    def verdict(self, line: int) -> str:
        found = self.by_line[line]
        if is_wrong(tuple(found)):
            return Row.Verdict.WRONG
        return Row.Verdict.SAME if any(one.code in SAME for one in found) else Row.Verdict.READY


def _number(row: Raw) -> str:
    try:
        return normalise_licence_number(row.cells.get("number", ""))
    except Invalid:
        return ""


def _against_enterprises(judged: list[Checked], findings: _Findings) -> None:
    """Match by code, or by the old registration number where a row has nothing else; two queries."""
    rows = [row for row in judged if row.facts is not None]
    codes = {row.facts["uscc"] for row in rows if row.facts and row.facts["uscc"]}
    legacies = {row.facts["legacy"] for row in rows if row.facts and not row.facts["uscc"]}
    known = dict(
        Enterprise.objects.filter(uscc__in=codes, proved_at__isnull=False).values_list("uscc", "name")
    )
    by_legacy: dict[str, list[tuple[str, str]]] = {}
    for legacy, uscc, name in Enterprise.objects.filter(
        legacy_registration_number__in=legacies - {""}
    ).values_list("legacy_registration_number", "uscc", "name"):
        by_legacy.setdefault(legacy, []).append((uscc, name))
    for row in rows:
        assert isinstance(row.facts, dict)
        if not row.facts["uscc"]:
            _by_legacy(row.line, row.facts, by_legacy.get(row.facts["legacy"], []), findings)
        elif (proved := known.get(row.facts["uscc"])) and folded(proved) != folded(row.facts["name"]):
            findings.add(row.line, Finding("imports.other_name", "name", row.facts["name"], {"name": proved}))


def _by_legacy(line: int, facts: dict[str, Any], found: list[tuple[str, str]], findings: _Findings) -> None:
    if len(found) != 1:
        findings.add(line, Finding("imports.legacy_unknown", "legacy", facts["legacy"]))
        return
    facts["uscc"], name = found[0]
    params = {"name": name, "uscc": facts["uscc"]}
    findings.add(line, Finding("imports.legacy_matched", "legacy", facts["legacy"], params))


def _against_register(judged: list[Checked], findings: _Findings) -> None:
    """Numbers that are in the register already; three queries."""
    there = held(row.number for row in judged if row.number)
    for row in judged:
        if row.facts is not None and row.number in there:
            findings.add(row.line, met(row.facts, there[row.number]))


def met(facts: Mapping[str, Any], licence: ProductionLicence) -> Finding:
    """What to say of a row whose number the register has: reconciled if it says the same, or said so once."""
    if licence.import_print and licence.import_print == fingerprint(facts):
        return Finding("imports.same_in_register", "number", licence.number)
    columns = differing(facts, facts_of(licence))
    if not columns:
        return Finding("imports.same_in_register", "number", licence.number)
    return Finding("imports.contradicts_register", "number", licence.number, {"columns": ",".join(columns)})


def _write(batch: Batch, judged: list[Checked], findings: _Findings) -> None:
    """Rows and findings of a portion, and the counts with them; the caller saves the import."""
    rows = []
    for row in judged:
        verdict = findings.verdict(row.line)
        facts = row.facts if verdict == Row.Verdict.READY else {}
        rows.append(
            Row(batch=batch, line=row.line, number=row.number[:24], verdict=verdict, facts=facts or {})
        )
    Row.objects.bulk_create(rows)
    Found.objects.bulk_create(
        as_row(batch, line, finding) for line, found in findings.by_line.items() for finding in found
    )
    said = [row.verdict for row in rows]
    batch.rows_checked += len(rows)
    batch.rows_ready += said.count(Row.Verdict.READY)
    batch.rows_same += said.count(Row.Verdict.SAME)
    batch.rows_wrong += said.count(Row.Verdict.WRONG)


def as_row(batch: Batch, line: int, finding: Finding) -> Found:
    """A finding as the report keeps it."""
    return Found(
        batch=batch, line=line, column=finding.column, code=finding.code, severity=finding.kind.severity,
        value=finding.value, params=dict(finding.params),
    )  # fmt: skip
