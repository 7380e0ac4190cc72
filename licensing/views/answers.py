"""The applicant's answer to a correction notice: what to put right, how far it is, and sending it (S6, K14)."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.parties.access import PortalRequest, enterprise_member
from licensing.actions import correction
from licensing.correction import sections_open
from licensing.forms.drafts import RowsFormSet
from licensing.forms.held import keep_licensed, keep_unnoticed
from licensing.lifecycle import Status
from licensing.models import Application, ApplicationDocument, ReplacementDocument, Slot
from licensing.queries.drafts import sections_done
from licensing.queries.notices import ItemView, NoticeView, notice_of
from licensing.views.common import case_or_404, context, now, perform, posted_version, today


@enterprise_member
def answer(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What is to be put right, and what is left of it?"""
    application = case_or_404(request, public_id)
    if application.status != Status.CORRECTION_REQUESTED:
        return redirect("licensing:case", public_id)
    notice = notice_of(application, today(), working=True)
    done = sections_done(application)
    return render(
        request, "licensing/answer.html",
        context(application, notice=notice, done=done, complete=all(done.values())),
    )  # fmt: skip


@enterprise_member
@require_POST
def resubmit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Send the answer. Sent twice, the second time leads to the same receipt."""
    application = case_or_404(request, public_id)
    if application.status != Status.CORRECTION_REQUESTED:
        return redirect("licensing:case", public_id)
    version = posted_version(request, "draft_version")
    sent = perform(
        request,
        lambda: correction.resubmit(
            public_id=public_id, draft_version=version, actor=request.actor, at=now()
        ),
    )
    if sent:
        messages.success(request, _("补正已提交"))
        return redirect("licensing:receipt", public_id)
    return redirect("licensing:answer", public_id)


def open_for_answer(application: Application, section: str, on: date) -> bool:
    """Whether a section may be opened: any of a draft, and what the notice cites of a filed case (R-31)."""
    if application.is_draft:
        return True
    notice = notice_of(application, on, working=True)
    application.__dict__["notice_open"] = notice
    return notice is not None and section in sections_open(
        (item.target.code for item in notice.items), application.kind
    )


def _notice(application: Application) -> NoticeView | None:
    return application.__dict__.get("notice_open")


def asked_in(application: Application, section: str) -> tuple[ItemView, ...]:
    """What the notice asks for in a section; nothing for a draft."""
    notice = _notice(application)
    return notice.of_section(section) if notice else ()


def prepared_licence(application: Application) -> ApplicationDocument | ReplacementDocument | None:
    """The business licence as the applicant has it now: the one prepared for the answer before the one filed."""
    if not application.is_draft:
        prepared = (
            application.replacements.select_related("file__blob").filter(slot=Slot.BUSINESS_LICENCE).first()
        )
        if prepared:
            return prepared
    return application.documents.select_related("file__blob").filter(slot=Slot.BUSINESS_LICENCE).first()


def hold(application: Application, section: str, form: forms.Form, **tables: RowsFormSet) -> None:
    """Put each reason at its field, and keep the fields that were not noticed as they are; a draft stays free."""
    notice = _notice(application)
    if notice is not None:
        keep_unnoticed(notice, section, form, **tables)
    keep_licensed(application.kind, section, form)
