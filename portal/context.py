"""What every page needs to know: whose navigation, the page in the other language, whether this is a demo.

A public page must be the same for everybody (it is cached and carries no cookie), so there nothing here
touches the session: neither the user nor waiting messages.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy

from core.messages.queries import unread_count
from licensing.workbench.queries.saved import keys_on

Entry = tuple[Any, tuple[str, ...]]

PUBLIC: tuple[Entry, ...] = (
    (gettext_lazy("要不要证"), ("register:need",)),
    (gettext_lazy("查许可"), ("register:licences",)),
    (gettext_lazy("负面清单"), ("register:catalog",)),
    (gettext_lazy("核验证书"), ("register:verify",)),
    (gettext_lazy("审批进度"), ("register:progress_form",)),
)
REGISTER: tuple[Entry, ...] = (
    (gettext_lazy("查许可"), ("register:licences",)),
    (gettext_lazy("负面清单"), ("register:catalog",)),
)
DESK: Entry = (gettext_lazy("待办"), ("portal:desk",))
CASES: Entry = (gettext_lazy("我的办理"), ("licensing:cases",))
LICENCES: Entry = (gettext_lazy("我的许可证"), ("licensing:own_licences",))
ENTERPRISES: Entry = (gettext_lazy("我的企业"), ("claims:mine",))
DESKS: tuple[tuple[Entry, frozenset[str]], ...] = (
    ((gettext_lazy("工作台"), ("licensing:work",)),
     frozenset({"acceptance", "review", "approval", "head", "supervision", "national_admin", "audit"})),
    ((gettext_lazy("企业认领"), ("claims:review_list",)), frozenset({"acceptance", "approval", "audit"})),
    ((gettext_lazy("申请限制"), ("licensing:bars",)), frozenset({"acceptance", "approval", "head", "audit"})),
    ((gettext_lazy("企业监管"), ("licensing:holders",)), frozenset({"supervision"})),
    ((gettext_lazy("抽查"), ("licensing:sampling",)), frozenset({"review"})),
    ((gettext_lazy("常设审批令"), ("licensing:standing_orders",)), frozenset({"approval", "head", "audit"})),
    ((pgettext_lazy("kind", "注销"), ("licensing:deregistrations",)),
     frozenset({"review", "approval", "head", "supervision"})),
    ((gettext_lazy("更正"), ("corrections:corrections",)), frozenset({"acceptance", "review", "approval", "audit"})),
    ((gettext_lazy("导入"), ("imports:list",)), frozenset({"acceptance", "approval", "national_admin", "audit"})),
    ((gettext_lazy("委托"), ("licensing:delegations",)), frozenset({"head", "national_admin", "audit"})),
    ((gettext_lazy("人员和职责"), ("staff:people",)), frozenset({"organisation_admin", "national_admin"})),
    ((gettext_lazy("工作日历"), ("workdays:calendars",)), frozenset({"national_admin"})),
    ((gettext_lazy("办理规则"), ("licensing:profiles",)), frozenset({"national_admin", "audit"})),
)  # fmt: skip
"""The desks of officials, each with the duties that open it."""
SEARCHERS = DESKS[0][1]
"""Duties whose holders have the search box and the keys of the workbench."""
LANGUAGE_NAMES = {"zh-hans": ("zh-Hans", "简体中文"), "en": ("en", "English")}


@dataclass(frozen=True)
class Link:
    """One place in the navigation; `current` is "page" on it, "true" below it, else empty."""

    label: Any
    url: str
    current: str


def portal(request: HttpRequest) -> dict[str, Any]:
    """The template context of every page drawn for a request, as one name: `portal`."""
    public = access_rule(request) in {"public", ""}
    return {
        "portal": {
            "demo": settings.WORLD == "demo",
            "public": public,
            "home": reverse_any("register:home") or reverse_any("portal:desk") or "/",
            "desk": reverse_any("portal:desk"),
            "accessibility": reverse_any("portal:accessibility"),
            "interface": reverse_any("portal:api_docs"),
            "inbox": "" if public else reverse_any("inbox:list"),
            "unread": SimpleLazyObject(lambda: unread(request, public)),
            "lang": LANGUAGE_NAMES.get(get_language() or "", ("zh-Hans", ""))[0],
            "languages": SimpleLazyObject(lambda: other_languages(request)),
            "nav": SimpleLazyObject(lambda: navigation(request, public)),
            "search": SimpleLazyObject(lambda: search_box(request, public)),
            "keys": SimpleLazyObject(lambda: keys_act(request)),
        }
    }


def unread(request: HttpRequest, public: bool) -> int:
    """How many messages wait unread for the person signed in; asked where a page shows it, never on a public one."""
    return 0 if public or not request.user.is_authenticated else unread_count(request.user.pk)


def search_box(request: HttpRequest, public: bool) -> str:
    """Where an official's search goes; empty for everybody else."""
    standing = None if public else getattr(request, "standing", None)
    kinds = {duty.kind for duty in standing.duties} if standing else set()
    return reverse_any("workbench:search") if kinds & SEARCHERS else ""


def keys_act(request: HttpRequest) -> bool:
    """Whether single keys act for this person: asked of the database once a session."""
    if "keys" not in request.session:
        request.session["keys"] = keys_on(request.user.pk)
    return bool(request.session["keys"])


def access_rule(request: HttpRequest) -> str:
    """The declared rule of the view that answers; empty where no view matched (errors)."""
    match = getattr(request, "resolver_match", None)
    return str(getattr(match.func, "access_rule", "anyone")) if match else ""


def navigation(request: HttpRequest, public: bool) -> list[Link]:
    """The sections open to this visitor. A section that no application serves is left out."""
    entries = PUBLIC if public else _entries(getattr(request, "standing", None))
    found = []
    for label, names in entries:
        if url := reverse_any(*names):
            found.append(Link(label, url, _current(request.path, url)))
    return found


def _entries(standing: Any) -> tuple[Entry, ...]:
    """The first page, desks by duty, then what a person files for enterprises, then the register."""
    if standing is None or standing.user_id is None:
        return PUBLIC
    kinds = {duty.kind for duty in standing.duties}
    first = (DESK,) if kinds or standing.memberships or standing.claims else ()
    entries = first + tuple(entry for entry, duties in DESKS if kinds & duties)
    if standing.memberships or standing.claims:
        entries += (CASES, LICENCES) if standing.memberships else (CASES,)
    if not kinds or standing.memberships or standing.claims:
        entries += (ENTERPRISES,)
    return entries + REGISTER


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url.count("/") > 1 and url != "/en/" and path.startswith(url) else ""


def reverse_any(*names: str) -> str:
    """The address of the first name that is served here; empty if none is."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """This very page in the other languages, its query kept where the page was asked for by GET."""
    current = get_language()
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    links = []
    for code, _name in settings.LANGUAGES:
        if code == current:
            continue
        tag, name = LANGUAGE_NAMES[code]
        url = same_page(request, code) + (f"?{query}" if query else "")
        links.append({"code": tag, "name": name, "url": url})
    return links


def same_page(request: HttpRequest, code: str) -> str:
    """The address of the page that answers `request`, in another language; the front page if it has none."""
    match = getattr(request, "resolver_match", None)
    with override(code):
        if match and match.view_name:
            try:
                return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                pass
        return reverse_any("register:home", "portal:accessibility") or "/"
