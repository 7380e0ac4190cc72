"""The application form and the commitment letter as they are printed: every fact as filed, and nothing else (R-29)."""

import io

import pypdf
import pytest

from licensing import papers
from licensing.models import Application, Slot
from licensing.papers import render_paper
from tests.support import exempt, world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-29"), pytest.mark.usefixtures("typeset")]
FORM, LETTER = Slot.APPLICATION_FORM, Slot.COMMITMENT_LETTER


def words(application: Application, slot: str) -> str:
    """What a reader copies from the paper, without its spaces and line ends."""
    pages = pypdf.PdfReader(io.BytesIO(render_paper(application, slot))).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_the_form_prints_every_fact_as_filed() -> None:
    application = world.submitted(world.Cast())
    printed, filed = words(application, FORM), application.filed
    enterprise = filed["enterprise"]
    said = [application.number, enterprise["name"], enterprise["uscc"], enterprise["full_address"], "周敏"]
    said += [filed["category"]["name_zh"], "产品单元" + filed["units"][0]["name_zh"]]
    said += [site["full_address"] for site in filed["sites"]]
    said += ["混酸反应釜", "FYF-3000", "2台（套）", "分光光度计", "721G", "GB20413", "工艺员2人"]
    for fact in said:
        assert "".join(fact.split()) in printed, fact
    assert f"{world.DAY.year}年{world.DAY.month}月{world.DAY.day}日" in printed


def test_the_letter_prints_the_signed_text_and_its_hash() -> None:
    application = world.submitted(world.Cast())
    printed, signed = words(application, LETTER), application.commitment
    assert "".join(signed.text.split()) in printed
    assert (
        signed.sha256 in printed
        and f"法定代表人{signed.signer}" in printed
        and signed.text_version in printed
    )


@pytest.mark.req("R-23")
def test_the_form_of_a_renewal_names_the_licence_and_what_was_stated() -> None:
    holder = exempt.HonestHolder()
    printed = words(exempt.renewal(holder), FORM)
    assert holder.licence.number in printed and "情况说明" in printed


def test_what_an_applicant_writes_stays_text() -> None:
    """Markup in a field is printed as its characters."""
    trick = '<img src="file:///etc/hostname"><b>好</b>'
    application = world.submitted(world.Cast(), contact=trick)
    assert "".join(trick.split()) in words(application, FORM)


def test_a_paper_has_no_way_to_a_network_or_a_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    application = world.submitted(world.Cast())
    words(application, FORM)
    page = papers.render_to_string
    monkeypatch.setattr(
        papers, "render_to_string", lambda *given: page(*given) + "<img src='file:///etc/hostname'>"
    )
    words(application, FORM)
    assert "file:///etc/hostname" in caplog.text and "disallowed protocol" in caplog.text


@pytest.mark.parametrize("slot", [FORM, LETTER])
def test_the_demo_world_marks_its_papers(slot: str, settings) -> None:
    application = world.submitted(world.Cast())
    assert "演示DEMO无法律效力" in words(application, slot)
    settings.WORLD = "real"
    assert "DEMO" not in words(application, slot)


def test_papers_embed_their_fonts() -> None:
    page = pypdf.PdfReader(io.BytesIO(render_paper(world.submitted(world.Cast()), FORM))).pages[0]
    for font in page["/Resources"]["/Font"].values():
        (face,) = font.get_object()["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(face.get_object()["/FontDescriptor"].get_object())
        assert str(face.get_object()["/BaseFont"]).endswith(("+paper1", "+paper2")), "none of the machine's"


def test_a_plain_form_is_one_sheet() -> None:
    assert len(pypdf.PdfReader(io.BytesIO(render_paper(world.submitted(world.Cast()), FORM))).pages) == 1
