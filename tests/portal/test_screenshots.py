"""The list of pictured pages: whoever adds a page adds its picture, or says here why it has none."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from PIL import Image

from portal.screenshots import album
from portal.screenshots.camera import LANGUAGES, WIDTHS
from portal.screenshots.pages import GROUPS, SHOTS

ACTS = {
    "account_end_session", "account_end_other_sessions", "api:revoke", "claims:accept_invitation", "claims:admit",
    "claims:decline", "claims:decline_invitation", "claims:identity", "claims:withdraw_invitation", "inbox:open",
    "inbox:phone", "inbox:phone_remove", "inbox:read", "inbox:read_all", "inbox:webhook", "inbox:webhook_remove",
    "licensing:acknowledge", "licensing:conclude_review", "licensing:confirm_renewal",
    "licensing:delegation_resume", "licensing:discard",
    "licensing:resubmit",
    "licensing:submit", "licensing:take_review", "licensing:take_over", "licensing:typed", "licensing:typed_discard",
    "staff:end_absence",
    "imports:withdraw", "licensing:recall_decision", "licensing:test_timing",
    "staff:invite", "staff:reinstate", "workbench:bulk", "workbench:bulk_accept", "workbench:bulk_assign",
    "workbench:note_pin", "workbench:note_withdraw", "workbench:view",
}  # fmt: skip
"""Answer POST and lead back to a page."""
FILES = {
    "corrections:attachment", "corrections:source", "imports:findings", "imports:original", "imports:template",
    "licensing:official_document", "licensing:result_document", "licensing:sample_document",
    "licensing:sample_evidence",
    "claims:document", "licensing:bar_document", "licensing:certificate", "licensing:delegation_document",
    "licensing:document",
    "licensing:evidence_document", "licensing:superseded_document", "mfa_download_recovery_codes", "workbench:export",
}  # fmt: skip
MACHINES = {
    "healthz", "readyz", "metrics", "licensing:typed_token", "identity_configuration", "identity_jwks",
    "identity_authorize", "identity_token", "demo_login", "demo_mail",
}  # fmt: skip
PASSING = {
    "account_email_verification_sent", "account_inactive", "account_logout",
    "account_reauthenticate", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "claims:identity_return", "inbox:phone_code", "mfa_authenticate",
    "mfa_reauthenticate", "register:opaque",
}  # fmt: skip
"""One step of a way that is pictured elsewhere, or another address of a pictured page."""
LIKE_ANOTHER = {
    "account_change_password": "account_reset_password", "account_email": "account_signup",
    "claims:authorisation": "licensing:business_licence", "claims:remove_agent": "licensing:retract",
    "claims:renew": "claims:grant", "claims:revoke": "licensing:retract", "claims:statement": "licensing:conversation",
    "claims:withdraw": "licensing:retract", "inbox:message": "inbox:list", "licensing:bar_lift": "licensing:bar_new",
    "licensing:assign": "licensing:not_required", "licensing:recuse": "licensing:not_required",
    "licensing:classify": "licensing:bar_new", "licensing:matter_new": "licensing:bar_new",
    "licensing:matter_close": "licensing:not_required", "licensing:pilot_end": "licensing:not_required",
    "licensing:spot_check_final": "licensing:not_required", "licensing:spot_check_retest": "licensing:spot_check_new",
    "licensing:standing_order_revoke": "licensing:not_required", "imports:load": "licensing:not_required",
    "licensing:commitment": "licensing:tasks", "licensing:notice": "licensing:receipt", "mfa_index": "accounts:home",
    "mfa_activate_totp": "account_login", "mfa_deactivate_totp": "licensing:retract",
    "mfa_generate_recovery_codes": "accounts:home", "mfa_view_recovery_codes": "accounts:home",
    "staff:absence": "staff:grant", "staff:create": "staff:grant", "staff:end": "staff:grant",
    "staff:hand_over": "staff:grant", "staff:leave": "staff:grant", "staff:propose_reset": "staff:grant",
    "staff:reset": "staff:grant", "staff:subordinates": "staff:people", "workdays:edit": "workdays:year",
}  # fmt: skip
"""Made of the same parts as the page named."""


def names(resolver: Any, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every named address of the portal, with its name spaces; the machines' interface is not pages."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "api-v1":
                yield from names(pattern, spaces + ((pattern.namespace,) if pattern.namespace else ()))
        elif pattern.name:
            yield ":".join((*spaces, pattern.name))


PAGES = set(names(get_resolver()))
PICTURED = {shot.view for shot in SHOTS} - {""}
EXCEPTED = ACTS | FILES | MACHINES | PASSING | set(LIKE_ANOTHER)


def test_every_page_has_a_picture_or_a_reason():
    assert sorted(PAGES - PICTURED - EXCEPTED) == [], "add a Shot to portal/screenshots/pages.py"


def test_no_picture_and_no_reason_is_of_a_page_that_is_gone():
    assert sorted((PICTURED | EXCEPTED) - PAGES) == []
    assert sorted(PICTURED & EXCEPTED) == []
    assert set(LIKE_ANOTHER.values()) <= PICTURED


def test_pictures_have_names_of_their_own():
    found = [shot.name for shot in SHOTS]
    assert len(found) == len(set(found))


def test_the_index_links_every_picture_of_every_page():
    text = album.index("2026-10-28 10:20")
    for shot in SHOTS:
        for language in LANGUAGES:
            for width in WIDTHS:
                assert f"({language}/{width}/{shot.name}.png)" in text
    assert all(f"## {group}" in text for group in GROUPS)


def drawn(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def test_a_picture_keeps_the_colours_of_the_house(tmp_path: Path):
    book = album.Album(tmp_path / "out", tmp_path / "aside")
    for name, colour in (
        ("seal", (0xB2, 0x28, 0x1E)),
        ("paper", (0xF8, 0xF6, 0xF1)),
        ("white", (255, 255, 255)),
    ):
        book.keep(drawn(colour), "zh", 390, name)
        assert Image.open(tmp_path / f"aside/zh/390/{name}.png").convert("RGB").getpixel((5, 5)) == colour


def test_a_new_set_takes_the_place_of_the_old_one(tmp_path: Path):
    target = tmp_path / "out"
    (target / "zh").mkdir(parents=True)
    (target / "zh" / "gone.png").write_bytes(b"")
    book = album.Album(target, tmp_path / "aside")
    book.keep(drawn((0, 0, 0)), "en", 1280, "home")
    book.publish("2026-10-28 10:20")
    assert not (target / "zh").exists()
    assert (target / "en/1280/home.png").exists() and (target / "README.md").exists()


def test_what_is_missing_in_the_demo_world_is_said(db: Any, tmp_path: Path):
    from portal.screenshots.places import Places

    with pytest.raises(LookupError, match="taihu has no case that is submitted"):
        Places(tmp_path).case("taihu", "submitted")
