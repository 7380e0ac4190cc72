"""One's own inbox, and how one wants to be told."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.lifecycle.errors import DomainError
from core.messages.actions import notices
from core.messages.actions import wishes as acts
from core.messages.forms import CodeForm, PhoneForm, WebhookForm, WishesForm
from core.messages.models import Message
from core.messages.ports import sms, webhook
from core.messages.queries import (
    categories_for,
    choices_of,
    enclosed,
    inbox,
    message_of,
    preference_of,
    reach_of,
    reachable,
)
from core.messages.render import Notice, notice_of
from core.parties.access import PortalRequest, signed_in


@signed_in
@require_GET
def inbox_page(request: PortalRequest) -> HttpResponse:
    """What happened that I should know of? Newest first."""
    unread_only = request.GET.get("show") == "unread"
    page = inbox(
        _me(request), unread_only=unread_only, after=request.GET.get("after", ""), standing=request.standing
    )
    return render(request, "inbox/list.html", {"page": page})


@signed_in
@require_GET
def message_page(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One message, as mails link to it. Looking at it changes nothing; opening what it is about marks it read."""
    return render(request, "inbox/message.html", {"notice": _notice(request, public_id)})


@signed_in
@require_POST
def open_message(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Mark a message read and go where it leads; that page asks for rights itself. Without access, stay here."""
    notice = _notice(request, public_id)
    notices.mark_read(public_id=public_id, actor=request.actor, at=timezone.now())
    return redirect(notice.url or reverse("inbox:message", kwargs={"public_id": public_id}))


@signed_in
@require_POST
def read_one(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Mark one message read and stay."""
    try:
        notices.mark_read(public_id=public_id, actor=request.actor, at=timezone.now())
    except Message.DoesNotExist as error:
        raise Http404 from error
    return redirect(_back(request))


@signed_in
@require_POST
def read_all(request: PortalRequest) -> HttpResponse:
    """Mark everything read that was there when the page was drawn."""
    upto = request.POST.get("upto", "")
    if upto.isascii() and upto.isdecimal() and len(upto) < 19:
        notices.mark_all_read(upto=int(upto), actor=request.actor, at=timezone.now())
    return redirect(_back(request))


def _back(request: PortalRequest) -> str:
    return reverse("inbox:list") + ("?show=unread" if request.POST.get("show") == "unread" else "")


def _me(request: PortalRequest) -> int:
    assert request.user.pk is not None
    return int(request.user.pk)


def _notice(request: PortalRequest, public_id: UUID) -> Notice:
    try:
        message = message_of(_me(request), public_id)
    except Message.DoesNotExist as error:
        raise Http404 from error
    return notice_of(
        message, reachable=message.pk in reachable([message], request.standing),
        enclosure=enclosed([message], request.standing).get(message.pk),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def wishes(request: PortalRequest) -> HttpResponse:
    """How do I want to be told?"""
    form = _wishes_form(request)
    if request.method == "POST" and form.is_valid():
        acts.choose(
            language=form.cleaned_data["language"],
            choices=form.choices,
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("已保存"))
        return redirect("inbox:settings")
    return _draw(request, form=form)


@signed_in
@require_POST
def phone(request: PortalRequest) -> HttpResponse:
    """Ask for a code to a new number."""
    if not sms.offered():
        raise Http404
    form = PhoneForm(request.POST)
    if form.is_valid() and _done(
        form,
        lambda: acts.request_phone_code(
            phone=form.cleaned_data["phone"], actor=request.actor, at=timezone.now()
        ),
    ):
        return redirect("inbox:phone_code")
    return _draw(request, phone_form=form)


@signed_in
@require_http_methods(["GET", "POST"])
def phone_code(request: PortalRequest) -> HttpResponse:
    """Type the code that came to the phone."""
    if not sms.offered():
        raise Http404
    form = CodeForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            form,
            lambda: acts.confirm_phone(
                code=form.cleaned_data["code"], actor=request.actor, at=timezone.now()
            ),
        )
    ):
        messages.success(request, _("手机号已确认。请选择哪些通知要发短信"))
        return redirect("inbox:settings")
    return render(request, "inbox/phone_code.html", {"form": form}, status=_status(request))


@signed_in
@require_POST
def phone_remove(request: PortalRequest) -> HttpResponse:
    """No more short messages."""
    acts.remove_phone(actor=request.actor, at=timezone.now())
    messages.success(request, _("手机号已删除"))
    return redirect("inbox:settings")


@signed_in
@require_POST
def webhook_address(request: PortalRequest) -> HttpResponse:
    """Set the address; the new secret is shown once, on the page that answers."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        made: list[str] = []
        if _done(
            form,
            lambda: made.append(
                acts.set_webhook(url=form.cleaned_data["webhook_url"], actor=request.actor, at=timezone.now())
            ),
        ):
            return render(request, "inbox/webhook_secret.html", {"secret": made[0]})
    return _draw(request, webhook_form=form)


@signed_in
@require_POST
def webhook_remove(request: PortalRequest) -> HttpResponse:
    """Nothing is pushed any more."""
    acts.remove_webhook(actor=request.actor, at=timezone.now())
    messages.success(request, _("推送地址已删除"))
    return redirect("inbox:settings")


def _done(form: Form, act: Callable[[], Any]) -> bool:
    """Run an act; a refusal lands at the field that caused it."""
    try:
        act()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


def _wishes_form(request: PortalRequest) -> WishesForm:
    preference = preference_of(request.user)  # type: ignore[arg-type]
    stored = {code: row for (_user, code), row in choices_of([_me(request)]).items()}
    return WishesForm(
        request.POST if request.method == "POST" and "language" in request.POST else None,
        categories=categories_for(request.standing), stored=stored, preference=preference,
        reach=reach_of(request.user, preference),  # type: ignore[arg-type]
    )  # fmt: skip


def _draw(
    request: PortalRequest, *, form: WishesForm | None = None, phone_form: Form | None = None,
    webhook_form: Form | None = None,
) -> HttpResponse:  # fmt: skip
    preference = preference_of(request.user)  # type: ignore[arg-type]
    form = form or _wishes_form(request)
    context = {
        "form": form, "phone_form": phone_form or PhoneForm(),
        "webhook_form": webhook_form or WebhookForm(initial={"webhook_url": preference.webhook_url}),
        "preference": preference, "sms_offered": sms.offered(), "webhook_offered": webhook.offered(),
    }  # fmt: skip
    return render(request, "inbox/settings.html", context, status=_status(request))


def _status(request: PortalRequest) -> int:
    return 422 if request.method == "POST" else 200
