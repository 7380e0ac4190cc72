"""The conversation of a case: read it, write in it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, signed_in
from licensing.actions.conversation import note_read, send_message
from licensing.forms.conversation import MessageForm, QuestionForm
from licensing.lifecycle import Status
from licensing.models import Application, CaseMessage
from licensing.profile import PROFILE
from licensing.queries.conversation import conversation_of, may_read, side_of
from licensing.views.common import case_or_404, context, now, perform, today


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What was said, and the form to answer. Showing it to the other side is what 已读 means."""
    application = case_or_404(request, public_id)
    if application.is_draft or not may_read(request.standing, application):
        raise Http404
    form = _form(request, application)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = perform(
            request,
            lambda: send_message(
                public_id=public_id, message_id=data["message_id"], text=data["text"],
                wants_reply=bool(data.get("wants_reply")), actor=request.actor, at=now(),
            ),
            form,
        )  # fmt: skip
        if sent:
            messages.success(request, _("已发出"))
            return redirect("licensing:conversation", public_id)
    if request.method == "POST":
        form.with_fresh_id()
    shown = conversation_of(application, request.standing, today())
    if request.method == "GET" and shown.unread:
        note_read(public_id=public_id, actor=request.actor, at=now())
    more = {
        "talk": shown, "form": form, "reply_days": PROFILE.reply.days,
        "notice_instead": application.status == Status.SUBMITTED and shown.side == CaseMessage.Side.AUTHORITY,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "licensing/conversation.html", context(application, **more), status=status)


def _form(request: PortalRequest, application: Application) -> MessageForm:
    asks = side_of(request.standing, application) == CaseMessage.Side.APPLICANT
    kind = QuestionForm if asks else MessageForm
    return kind(request.POST if request.method == "POST" else None)
