"""The applicant's draft as a whole: its task list, the last look, filing, discarding (R-29, R-43)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from catalog.queries import open_units
from core.parties.access import PortalRequest, drafter
from licensing.actions import drafts, filing, typed
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.queries.choices import category_name
from licensing.queries.drafts import followed_on, sections_done
from licensing.queries.evidence import expected
from licensing.queries.typed import unconfirmed
from licensing.statement import statement_rows
from licensing.steps import steps_of
from licensing.terms import last_timely_day
from licensing.verdict_words import forecast_of
from licensing.views.common import case_or_404, context, filed_already, now, perform, posted_version, today


@drafter
def tasks(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What is done and what is left."""
    application = case_or_404(request, public_id)
    if not application.is_draft:
        return filed_already(application)
    done, rules = sections_done(application), application.rules
    facts = (application, done, unconfirmed(application), _unit_names(application))
    return render(
        request, "licensing/tasks.html",
        context(
            application, complete=all(done.values()), steps=steps_of(*facts, rules.required),
            extras=steps_of(*facts, rules.optional), rules=rules, **_lateness(application),
            followed_on=followed_on(application),
        ),
    )  # fmt: skip


def _lateness(application: Application) -> dict[str, object]:
    """Whether a renewal would be filed late today, and until when it was in time."""
    if application.kind != Kind.RENEWAL or application.licence is None:
        return {}
    last = last_timely_day(application.licence.valid_until)
    return {"late": today() > last, "last_timely": last}


def _unit_names(application: Application) -> list[str]:
    if application.category is None:
        return []
    chosen = set(application.units.values_list("unit_id", flat=True))
    return [unit.name for unit in open_units(application.category.key, today()) if unit.unit_id in chosen]


@drafter
def check(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Everything once more before it is sent."""
    application = case_or_404(request, public_id)
    if not application.is_draft:
        return filed_already(application)
    done = sections_done(application)
    documents = application.documents.select_related("file__blob")
    return render(
        request, "licensing/check.html",
        context(
            application, done=done, complete=all(done.values()), draft=application.draft, documents=documents,
            units=_unit_names(application), category_name=category_name(application, today()),
            signed=getattr(application, "commitment", None), unconfirmed=unconfirmed(application),
            rules=application.rules, followed_on=followed_on(application), **_lateness(application),
            statement=statement_rows(application.kind, application.draft.get("statement", {})),
            said=forecast_of(expected(application, today())) if application.rules.reviewed else [],
        ),
    )  # fmt: skip


@drafter
@require_POST
def submit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """File it. Sent twice, the second time leads to the same receipt."""
    application = case_or_404(request, public_id)
    if application.status != Status.DRAFT:
        return filed_already(application)
    filed = perform(
        request,
        lambda: filing.submit(
            public_id=public_id,
            draft_version=posted_version(request, "draft_version"),
            actor=request.actor,
            at=now(),
        ),
    )
    application.refresh_from_db()
    if filed:
        typed.forget(application=application)
    if filed or not application.is_draft:
        return filed_already(application)
    return redirect("licensing:check", public_id)


@drafter
@require_POST
def discard(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Delete a draft for good."""
    case_or_404(request, public_id)
    perform(request, lambda: drafts.discard_draft(public_id=public_id, actor=request.actor, at=now()))
    return redirect("licensing:cases")
