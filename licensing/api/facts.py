"""A case as plain facts for its reader, from the same queries as its page."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from catalog.queries import open_units
from core.lifecycle.law import Clause, clauses_from_json
from core.parties.competence import Standing
from core.parties.models import Authority
from core.rest.base import ApiRequest
from core.rest.errors import NotFound
from core.rest.tags import tag
from licensing.api.shapes import CaseSerializer
from licensing.changes import group_rows
from licensing.check_words import items_of, kept_checks
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application
from licensing.queries.acts import acts_open_to
from licensing.queries.cases import CaseView, case_view, find, may_read_certificate
from licensing.queries.choices import category_name
from licensing.queries.clock import clock_acts
from licensing.queries.drafts import sections_done
from licensing.queries.evidence import expected
from licensing.queries.licences import certificate_of
from licensing.queries.notices import NoticeView, notice_of
from licensing.queries.worklist import Row
from licensing.verdict_words import forecast_of, said_of
from licensing.workbench.queries.warnings import to_acknowledge

Facts = dict[str, Any]


def case_of(request: ApiRequest, public_id: UUID) -> Application:
    """A visible case. Raises NotFound for hidden and absent alike."""
    try:
        return find(request.standing, public_id)
    except Application.DoesNotExist as error:
        raise NotFound() from error


def is_own(request: ApiRequest, case: Application) -> bool:
    return case.enterprise_id in request.standing.enterprise_ids


def address(name: str, *args: Any) -> str:
    """An absolute address of the interface."""
    return str(settings.PUBLIC_BASE_URL + reverse(f"api-v1:{name}", args=args))


def respond(request: ApiRequest, case: Application, status: int = 200) -> Response:
    """The case as it stands, with its tag; saves of the draft are the applicant's own business."""
    case = case_of(request, case.public_id)
    response = Response(CaseSerializer(case_facts(request, case)).data, status=status)
    own = is_own(request, case)
    seen = (case.outside_version, case.draft_version) if own else (case.version, 0)
    response["ETag"] = tag(*seen, day=request.today)
    if status == 201:
        response["Location"] = address("application", case.public_id)
    return response


def row_facts(row: Row) -> Facts:
    """A case in a list; the category's name as it was filed, or in today's catalogue."""
    case = row.application
    filed = case.filed.get("category")
    named = {"code": filed["key"], "name": filed["name_zh"]} if filed else None
    if named is None and case.category is not None:
        named = {"code": case.category.key, "name": row.product or case.category.key}
    return {**_heading(case), "category": named, "clock": row.clock}


def _heading(case: Application) -> Facts:
    return {
        "id": case.public_id, "number": case.number, "kind": case.kind, "status": case.status,
        "status_label": case.get_status_display(), "enterprise": case.enterprise, "received_at": case.received_at,
        "accepted_on": case.accepted_on, "due_on": case.due_on, "next_due_on": case.next_due_on,
    }  # fmt: skip


def case_facts(request: ApiRequest, case: Application) -> Facts:
    """Everything this reader may know of a case; a constant number of queries."""
    view = case_view(case, request.standing, request.today)
    notice = notice_of(case, request.today, working=is_own(request, case))
    content, acts = _content(request, case), _acts(request, view)
    warnings = to_acknowledge(case, request.standing, request.today) if acts["decide"] else ()
    return {
        **_heading(case), "category": content["product"]["category"], "clock": view.clock,
        "deemed_accepted": case.deemed_accepted, "due_provisional": case.due_provisional,
        "statutory_due_on": case.statutory_due_on, "paused": case.paused, "pauses": view.events.pauses,
        "extension": _extension(request, case, view), "decided_on": case.decided_on, "closed_on": case.closed_on,
        "authority": _authority(case.filing_authority), "deciding_authority": _authority(case.deciding_authority),
        "content": content, "documents": [_document(case, row) for row in view.documents],
        "evidence": list(_evidence(case, view)), "notice": _notice(notice),
        "forecast": _forecast(request, case), "held_decision": view.held, "warnings": warnings,
        "decision": _decision(case, view.inside),
        **_licence(case, request.standing),
        "acts": [act for act, is_open in acts.items() if is_open],
        "timeline": [_entry(row) for row in view.timeline],
    }  # fmt: skip


def _acts(request: ApiRequest, view: CaseView) -> dict[str, bool]:
    case = view.application
    return acts_open_to(request.standing, case) | clock_acts(
        request.standing, case, request.today, view.events
    )


def _extension(request: ApiRequest, case: Application, view: CaseView) -> Any:
    """The applicant hears of an extension when it is granted, not when somebody wishes for it."""
    found = view.events.extension
    inside = request.standing.is_official and case.enterprise_id not in request.standing.interests
    return found if found and (found.result or inside) else None


def _authority(authority: Authority | None) -> Facts | None:
    return {"code": authority.code, "name": authority.name} if authority else None


def _content(request: ApiRequest, case: Application) -> Facts:
    """What the applicant has now while it is open to him, else what was filed."""
    if case.is_open_to_applicant and is_own(request, case):
        signed = getattr(case, "commitment", None)
        return {
            "enterprise": case.draft.get("enterprise", {}), "product": _chosen(request, case),
            "sites": case.draft.get("sites", {}).get("rows", []), "conditions": case.draft.get("conditions", {}),
            "group": group_rows(case.draft), "statement": case.draft.get("statement", {}),
            "commitment": signed, "done": sections_done(case),
        }  # fmt: skip
    filed = case.filed
    units = [{"code": str(unit["id"]), "name": unit["name_zh"]} for unit in filed["units"]]
    category = {"code": filed["category"]["key"], "name": filed["category"]["name_zh"]}
    return {
        "enterprise": filed["enterprise"], "product": {"category": category, "units": units},
        "sites": filed["sites"], "conditions": filed["conditions"], "group": filed.get("group", []),
        "statement": filed.get("statement", {}), "commitment": filed.get("commitment"), "done": {},
    }  # fmt: skip


def _chosen(request: ApiRequest, case: Application) -> Facts:
    if case.category is None:
        return {"category": None, "units": []}
    chosen = set(case.units.values_list("unit_id", flat=True))
    units = [row for row in open_units(case.category.key, request.today) if row.unit_id in chosen]
    return {
        "category": {"code": case.category.key, "name": category_name(case, request.today)},
        "units": [{"code": row.unit.key, "name": row.name} for row in units],
    }


def _document(case: Application, row: Any) -> Facts:
    return {
        "slot": row.slot, "filename": row.file.filename, "sha256": row.file.sha256,
        "url": address("document", case.public_id, row.slot),
    }  # fmt: skip


def _evidence(case: Application, view: CaseView) -> Iterable[Facts]:
    if not view.evidence_open:
        return
    for row in view.evidence.values():
        url = address("evidence_document", case.public_id, row.track) if row.document_id else None
        said = said_of(row)
        yield {
            "track": row.track, "outcome": row.outcome, "rule": row.rule, "title": said.title, "why": said.why,
            "clause": said.clause, "items": row.items, "body": row.body, "finding": row.finding,
            "verifiers": (row.verifiers or []) if view.inside else [], "concluded_on": row.concluded_on,
            "document": url,
        }  # fmt: skip


def _notice(notice: NoticeView | None) -> Facts | None:
    if notice is None:
        return None
    items = [
        {"target": item.target.code, "label": str(item.target.label), "reason": item.reason, "before": item.before,
         "after": item.after, "changed": item.changed}
        for item in notice.items
    ]  # fmt: skip
    return {
        "issued_at": notice.issued_at, "lapses_after": notice.lapses_after, "answered_at": notice.answered_at,
        "items": items,
    }  # fmt: skip


def clause_facts(clauses: Iterable[Clause]) -> list[Facts]:
    return [{"instrument": c.instrument, "article": c.article, "label": str(c)} for c in clauses]


def _forecast(request: ApiRequest, case: Application) -> list[Any]:
    """What the holder of a draft may expect."""
    if not (case.is_draft and is_own(request, case) and case.rules.reviewed):
        return []
    return forecast_of(expected(case, request.today))


def _decision(case: Application, inside: bool) -> Facts | None:
    made = getattr(case, "decision", None)
    if made is None:
        return None
    checks = kept_checks(made.checked)
    items = zip(checks, items_of(checks, inside=inside), strict=True)
    return {
        "order": made.standing_order.number if made.standing_order else "", "rules_version": made.rules_version,
        "checked": [{"code": check.code, "text": item["text"], "note": item["note"]} for check, item in items],
        "result": made.result, "decided_on": made.decided_on, "reasons": made.reasons, "remedies": made.remedies,
        "basis": clause_facts(clauses_from_json(made.legal_basis)),
    }  # fmt: skip


def _licence(case: Application, standing: Standing) -> Facts:
    readable = may_read_certificate(standing, case) and certificate_of(case)
    return {
        "licence_number": case.licence.number if case.licence else None,
        "term_ends_on": case.term_ends_on, "deemed_renewal_on": case.deemed_renewal_on,
        "certificate": address("certificate", case.public_id) if readable else None,
    }  # fmt: skip


def _entry(row: Any) -> Facts:
    return {
        "act": row.act, "label": _label(row.act),
        "organisation": row.organisation_label, "person": row.actor_label, "effective_at": row.effective_at,
        "basis": clause_facts(row.basis),
    }  # fmt: skip


NOTES = {
    "licensing.evidence_weighed": _("核对免于和采信的条件"),
    "licensing.held_decision_lapsed": _("决定没有生效"),
}
"""Facts on record that are no step of the life cycle."""


def _label(act: str) -> str:
    return str(NOTES.get(act) or LIFE_CYCLE.label_of(act.removeprefix("licensing.")))
