"""Rules of the look that a machine can hold: weight, contrast, no inline style or script, one shell."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import ResolverMatch
from django.utils.translation import override

from core.parties.access import anyone, public_page
from portal.context import portal

REPO = Path(settings.BASE_DIR)
STATIC = REPO / "static" / "portal"
TEMPLATES = sorted((REPO / "templates").rglob("*.html"))
PAGES = [
    path for path in TEMPLATES if not path.name.startswith(("paper_", "_paper_"))
]  # papers are typeset, not served
CSS = (STATIC / "portal.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})", CSS.split("@media (prefers-contrast")[0]))
BUDGET = 30 * 1024


def test_style_and_scripts_of_a_page_weigh_at_most_thirty_kilobytes():
    assets = [path for path in STATIC.iterdir() if path.suffix in {".css", ".js"}]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in assets) <= BUDGET


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPO / "templates").as_posix())
def test_a_template_has_no_inline_style_script_or_handler(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>{]*\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<[^>{]*\s(on[a-z]+|hx-on[^=]*)\s*=", text)
    assert "javascript:" not in text
    assert "|safe" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(REPO / "templates").as_posix())
def test_a_template_compiles(path: Path):
    get_template(path.relative_to(REPO / "templates").as_posix())


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two tokens."""
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface", "wash")),
    *((ink, ground) for ink in ("blue", "seal") for ground in ("paper", "surface")),
    *(("ink-2", f"{wash}-wash") for wash in ("green", "amber", "seal", "blue")),
    *((tone, f"{tone}-wash") for tone in ("blue", "seal", "green", "amber")),
    *(("surface", ground) for ground in ("ink", "blue", "blue-deep", "seal", "seal-deep")),
    ("green", "paper"),
    ("ink-3", "desk"),
]


@pytest.mark.req("R-49")
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_from_its_ground(ink: str, ground: str):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.req("R-49")
@pytest.mark.parametrize(
    ("part", "ground"),
    [("line-3", "surface"), ("line-3", "paper"), ("blue", "cell"), ("seal", "cell"), ("ink", "glow")],
)
def test_what_one_must_see_to_use_the_page_stands_out(part: str, ground: str):
    assert contrast(part, ground) >= 3


def request_for(view, path: str = "/style/"):
    request = RequestFactory().get(path, {"q": "钢"})
    request.resolver_match = ResolverMatch(view, (), {}, "style", namespaces=["portal"])
    return request


class Untouchable:
    """A session that must not be looked at."""

    def __getattr__(self, name: str):
        raise AssertionError(f"a public page touched the session ({name})")


def test_a_public_page_is_drawn_without_looking_at_the_session():
    request = request_for(public_page(lambda request: None))
    request.session = request.user = request.standing = request._messages = Untouchable()
    html = render_to_string("portal/accessibility.html", request=request)
    assert "csrf" not in html
    assert 'href="/en/style/?q=%E9%92%A2"' in html


@pytest.mark.parametrize(
    ("language", "tag", "other"), [("zh-hans", "zh-Hans", "/en/style/"), ("en", "en", "/style/")]
)
def test_a_page_names_its_language_and_leads_to_itself_in_the_other(language: str, tag: str, other: str):
    request = request_for(public_page(lambda request: None))
    with override(language):
        html = render_to_string("portal/accessibility.html", request=request)
    assert f'<html lang="{tag}">' in html
    assert f'href="{other}?q=%E9%92%A2"' in html


def test_navigation_shows_no_door_to_what_is_not_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.context.PUBLIC", (("有", ("portal:style",)), ("无", ("nowhere:at_all",))))
    context = portal(request_for(public_page(lambda request: None)))
    assert [(link.label, link.current) for link in context["portal"]["nav"]] == [("有", "page")]


@pytest.mark.parametrize("name", ["500.html", "403_csrf.html"])
def test_the_last_pages_stand_without_request_or_database(name: str):
    html = get_template(name).render({})
    assert "<h1>" in html and "<!doctype html>" in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html"])
def test_errors_wear_the_house_style(name: str):
    request = request_for(anyone(lambda request: None))
    request.resolver_match = None
    assert 'id="main"' in render_to_string(name, request=request)


def test_the_demo_world_says_so_on_every_page(settings):
    request = request_for(public_page(lambda request: None))
    with override("zh-hans"):
        settings.WORLD = "demo"
        assert "演示环境" in render_to_string("portal/accessibility.html", request=request)
        settings.WORLD = "real"
        assert "演示" not in render_to_string("portal/accessibility.html", request=request)


def test_the_component_page_is_for_operators_outside_a_demo(settings):
    from django.http import Http404

    from portal.pages import style

    request = request_for(anyone(lambda request: None))
    request.user = type("Visitor", (), {"is_staff": False, "is_authenticated": False})()
    settings.WORLD = "real"
    with pytest.raises(Http404):
        style(request)
