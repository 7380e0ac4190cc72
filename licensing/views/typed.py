"""Autosave of the wizard's sections: its addresses, and what a page shows of words that were typed and not saved.

Works in three layers: with JavaScript the page sends its words while they are typed; without it, saving sends them;
and where the session has ended in between, what was sent waits in the visitor's anonymous session until the same
person has signed in again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.lifecycle.dates import SHANGHAI
from core.parties.access import PortalRequest, drafter
from licensing.actions import typed
from licensing.models import Application
from licensing.queries.typed import SECTIONS, state_of, typed_of
from licensing.views.common import case_or_404, now

View = Callable[..., HttpResponseBase]

ASIDE = "words_aside"
ASIDE_KEPT = timedelta(hours=1)


def says_signed_out(view: View) -> View:
    """For addresses that a script asks: a session that has ended is told in one word, not by a sign-in page."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return JsonResponse({"signed_out": True}, status=401, headers={"Cache-Control": "private, no-store"})

    return answered


@says_signed_out
@drafter
@require_POST
def autosave(request: PortalRequest, public_id: UUID, section: str) -> HttpResponse:
    """Keep the words of one section as they stand; 409 says that another window changed it."""
    posted = request.POST
    try:
        kept = typed.keep(
            public_id=public_id, section=section, words=typed.words_in(section, posted.lists()),
            page=_page(request), overwrite="overwrite" in posted, standing=request.standing, actor=request.actor,
            at=now(),
        )  # fmt: skip
    except Application.DoesNotExist as error:
        raise Http404 from error
    except typed.TooMuchTyped as refusal:
        return JsonResponse({"code": refusal.code}, status=413)
    except (typed.TypedElsewhere, typed.TypedClosed) as refusal:
        return JsonResponse({"code": refusal.code}, status=409)
    return JsonResponse({"state": kept.state, "at": clock_label(kept.saved_at)})


def _page(request: HttpRequest) -> typed.Page:
    posted = request.POST
    return typed.Page.read(
        posted.get("typed_page", ""), posted.get("turn", ""), posted.get("typed_state", "")
    )


@drafter
@require_POST
def discard(request: PortalRequest, public_id: UUID, section: str) -> HttpResponse:
    """Throw away what was typed and not saved in a section."""
    application = case_or_404(request, public_id)
    if application.is_open_to_applicant:
        typed.forget(application=application, section=section)
        drop_aside(request, application, section)
        messages.success(request, _("已放弃没有保存的内容"))
    return redirect(f"licensing:{section}", public_id)


@says_signed_out
@drafter
@require_safe
def token(request: PortalRequest) -> HttpResponse:
    """A form token for this session: signing in anew makes those of pages already open worthless."""
    return JsonResponse({"token": get_token(request)})


@dataclass(frozen=True)
class Words:
    """What a section's form is filled with besides the saved content, and what its page knows.

    `data` is what was posted or typed, None when only saved content is there. `source` is "" for those two,
    "typed" for autosaved words, "aside" for words that waited through a sign-in.
    """

    data: QueryDict | None
    source: str
    label: str
    state: str
    page: str
    posted: bool

    @property
    def unsent(self) -> bool:
        """Whether the page shows words that autosave does not have yet."""
        return self.posted or self.source == "aside"


def words_of(request: PortalRequest, application: Application, section: str) -> Words:
    """The words for one drawing of a section: as posted, else the newer of typed and set aside. One or two queries."""
    row = typed_of(application, section)
    state = state_of(application, section, row)
    if request.method == "POST":
        page = _page(request)
        state = f"{state.partition('.')[0]}.{page.state.partition('.')[2]}" if page.state else state
        return Words(request.POST, "", "", state, page.id or uuid4().hex, True)
    aside = _aside(request, application, section)
    if aside and (row is None or row.saved_at < aside[1]):
        return Words(_as_posted(aside[0]), "aside", clock_label(aside[1]), state, uuid4().hex, False)
    if row:
        return Words(_as_posted(row.words), "typed", clock_label(row.saved_at), state, uuid4().hex, False)
    return Words(None, "", "", state, uuid4().hex, False)


def _as_posted(words: dict[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in words.items():
        data.setlist(name, values)
    return data


def clock_label(at: datetime) -> str:
    """10:32, with the date before it when that is another day."""
    local = at.astimezone(SHANGHAI)
    same_day = local.date() == now().astimezone(SHANGHAI).date()
    return local.strftime("%H:%M" if same_day else "%m-%d %H:%M")


def keeps_words(section: str) -> Callable[[View], View]:
    """A section's page whose words survive a session that ended before they were sent.

    They are kept in the visitor's anonymous session, shown after sign-in to whoever may open that draft, and dropped
    when somebody else signs in. Nothing is kept for a section without words: its page says so.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    _set_aside(request, public_id, section)
                return view(request, public_id)
            _say_what_was_not_kept(request, public_id, section)
            try:
                return view(request, public_id)
            except (Http404, PermissionDenied):
                request.session.pop(ASIDE, None)
                raise

        return page

    return decorate


def _set_aside(request: HttpRequest, public_id: UUID, section: str) -> None:
    if not Application.objects.filter(public_id=public_id).exists():
        return
    words: dict[str, list[str]] = {}
    if section in SECTIONS:
        try:
            words = typed.words_in(section, request.POST.lists())
        except typed.TooMuchTyped:
            messages.warning(request, _("登录已过期。刚才填写的内容太长，没有保留"))
            return
    request.session[ASIDE] = {
        "case": str(public_id), "section": section, "words": words, "at": now().isoformat(),
    }  # fmt: skip
    request.session.set_expiry(int(ASIDE_KEPT.total_seconds()))
    messages.warning(request, _LOST.get(section, _kept_text)())


def _kept_text() -> str:
    return _("登录已过期。刚才填写的内容已经保留，登录后继续")


_LOST: dict[str, Callable[[], str]] = {
    "business_licence": lambda: _("登录已过期，文件没有保留。登录后请重新选择文件上传"),
    "commitment": lambda: _("登录已过期，承诺书没有签署。登录后请重新签署"),
}


def _say_what_was_not_kept(request: HttpRequest, public_id: UUID, section: str) -> None:
    kept = request.session.get(ASIDE)
    if section in _LOST and kept and kept["case"] == str(public_id) and kept["section"] == section:
        messages.warning(request, _LOST[section]())
        _let_go(request)


def _aside(
    request: HttpRequest, application: Application, section: str
) -> tuple[dict[str, list[str]], datetime] | None:
    """Words that waited through a sign-in, of this very section and not older than an hour."""
    kept = request.session.get(ASIDE)
    if not kept or kept["case"] != str(application.public_id) or kept["section"] != section:
        return None
    at = datetime.fromisoformat(kept["at"])
    return (kept["words"], at) if now() - at <= ASIDE_KEPT else None


def drop_aside(request: HttpRequest, application: Application, section: str) -> None:
    """Forget words that waited through a sign-in, once their section is saved or discarded."""
    kept = request.session.get(ASIDE)
    if kept and kept["case"] == str(application.public_id) and kept["section"] == section:
        _let_go(request)


def _let_go(request: HttpRequest) -> None:
    del request.session[ASIDE]
    if request.session.get("_session_expiry") == int(ASIDE_KEPT.total_seconds()):
        request.session.set_expiry(None)
