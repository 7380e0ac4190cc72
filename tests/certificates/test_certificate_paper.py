"""What stands on the paper, read back with tools that are not ours (DOMAIN §7.1; R-48)."""

import dataclasses
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PIL import Image

from certificates import seal
from certificates.errors import FontMissing, GlyphMissing, NoPublicAddress, PaperOverflow, TemplateMissing
from certificates.facts import CertificateFacts, facts_from_json
from certificates.glyphs import coverage, missing
from certificates.render import background, document, typefaces

Paper = Callable[[CertificateFacts], Path]
SELF_INSPECTION = ("自查", "年审", "年检", "self-inspection", "Self-inspection", "annual")


def run(*command: object) -> str:
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(pdf: Path) -> str:
    return squeezed(run("pdftotext", pdf, "-"))


@pytest.mark.req("R-49")
def test_every_field_of_the_original_is_printed(paper: Paper, facts: CertificateFacts) -> None:
    text = text_of(paper(facts))
    for expected in (
        "全国工业产品生产许可证", "正本", "企业名称", "苏州金穗肥业有限公司", "江苏省苏州市昆山市春晖路88号",
        "生产地址", "江苏省苏州市昆山市周市镇优比路12号", "产品名称", "化肥（磷肥）：过磷酸钙；钙镁磷肥",
        "证书编号", "(苏)XK90-002-00017", "有效期", "2015年9月29日至2020年9月28日", "发证机关", "发证日期",
        "江苏省质量技术监督局", "91320583MA1X5C7DXJ", "https://licence.example/l/abcdefghij234567klmn",
        "演示DEMO无法律效力",
    ):  # fmt: skip
        assert expected in text
    assert "9132 0583 MA1X 5C7D XJ" in run("pdftotext", "-layout", paper(facts), "-")


@pytest.mark.req("R-48")
def test_no_annual_self_inspection(paper: Paper, long_facts: CertificateFacts) -> None:
    printed = text_of(paper(long_facts))
    template = (typefaces.PAPER / "certificate.html").read_text(encoding="utf-8")
    fields = " ".join(f.name for f in dataclasses.fields(CertificateFacts))
    for word in SELF_INSPECTION:
        assert word not in printed + template + fields


@pytest.mark.req("R-48")
def test_the_labels_of_the_template_are_these_and_no_others() -> None:
    template = (typefaces.PAPER / "certificate.html").read_text(encoding="utf-8")
    labels = re.findall(r"<th>(?:<i[^>]*>)?([^<]+)", template)
    assert [squeezed(label) for label in labels] == [
        "企业名称",
        "住所",
        "生产地址",
        "产品名称",
        "信用代码",
        "证书编号",
        "有效期",
    ]


def test_a_paper_outside_the_demo_world_has_neither_demo_words_nor_a_seal_of_ours(
    paper: Paper, facts: CertificateFacts
) -> None:
    path = paper(dataclasses.replace(facts, demo=False))
    assert "演示" not in text_of(path)
    assert _seal_red_share(path) == 0


def test_the_demo_seal_lies_over_name_and_date(paper: Paper, facts: CertificateFacts) -> None:
    assert _seal_red_share(paper(facts)) > 0.05


def _seal_red_share(path: Path) -> float:
    image = rendered(path, 100)
    box = image.crop(tuple(round(v * 100 / 96) for v in (765, 552, 935, 722)))  # type: ignore[arg-type]
    pixels = list(box.convert("RGB").get_flattened_data())
    return sum(r > 140 and g < 90 and b < 90 for r, g, b in pixels) / len(pixels)


def rendered(path: Path, dpi: int) -> Image.Image:
    run("pdftoppm", "-r", dpi, "-f", 1, "-l", 1, "-singlefile", "-png", path, path.with_suffix(""))
    return Image.open(path.with_suffix(".png"))


@pytest.mark.parametrize("name", ["facts", "long_facts"])
@pytest.mark.req("R-49")
def test_a_camera_reads_the_code_at_150_dpi(name: str, paper: Paper, request: pytest.FixtureRequest) -> None:
    found = zxingcpp.read_barcodes(rendered(paper(request.getfixturevalue(name)), 150))
    assert [code.text.partition("#")[0] for code in found] == [
        "https://licence.example/l/abcdefghij234567klmn"
    ]


def test_the_code_is_at_least_42_mm_wide() -> None:
    assert document.QR_SIDE / 96 * 25.4 >= 42


def test_all_fonts_are_embedded_and_none_is_the_machines(paper: Paper, long_facts: CertificateFacts) -> None:
    rows = [line.split() for line in run("pdffonts", paper(long_facts)).splitlines()[2:]]
    assert rows
    for row in rows:
        assert row[0].split("+")[1].split("-")[0] in {"Heading", "Small", "Text", "Rare"}
        assert row[-5] == "yes"


def test_long_papers_keep_everything_and_get_an_annex(paper: Paper, long_facts: CertificateFacts) -> None:
    path = paper(long_facts)
    assert len(pypdf.PdfReader(path).pages) > 1
    text = text_of(path)
    assert "附页" in text
    for expected in (*long_facts.units, *long_facts.production_addresses, long_facts.holder_name):
        assert squeezed(expected) in text


@pytest.mark.parametrize("length", [1, 4, 20, 45, 90, 120])
def test_fields_never_reach_the_code(length: int, paper: Paper, facts: CertificateFacts) -> None:
    longer = dataclasses.replace(
        facts, holder_name="企" * length, registered_address="A1" * length, units=("磷肥产品",) * length
    )
    lines = run("pdftotext", "-bbox", "-l", 1, paper(longer), "-")
    box = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="([\d.]+)">')
    code_right, code_top = (document.QR_PLACE[0] + document.QR_SIDE) * 0.75, document.QR_PLACE[1] * 0.75
    for left, right, bottom in (map(float, found) for found in box.findall(lines)):
        assert right < 842 - 63 * 0.75
        assert left > code_right or bottom < code_top + 3


def test_what_fits_nowhere_stops_the_act(paper: Paper, facts: CertificateFacts) -> None:
    with pytest.raises(PaperOverflow):
        paper(dataclasses.replace(facts, holder_name="企" * 900))


def test_prepared_as_pdf_a_3b_with_the_licence_inside(paper: Paper, facts: CertificateFacts) -> None:
    path = paper(facts)
    reader = pypdf.PdfReader(path)
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+3", metadata)
    assert re.search(r"pdfaid:conformance[>=\"]+B", metadata)
    assert reader.trailer["/Root"]["/OutputIntents"]
    (specification,) = reader.trailer["/Root"]["/AF"]
    assert specification.get_object()["/AFRelationship"] == "/Data"
    assert facts_from_json(json.loads(reader.attachments["licence.json"][0])) == facts
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)


@pytest.mark.req("R-49")
def test_rare_name_characters_have_glyphs_and_emoji_have_none() -> None:
    assert missing("㐀㑇䶮𠮷镕甦·（苏）ＸK－1 ") == set()
    assert missing("金穗🏭肥业") == {"🏭"}
    assert missing("a\u202eb\n\u200d\ue000") == {"\u202e", "\n", "\u200d", "\ue000"}


def test_a_missing_glyph_stops_the_act(paper: Paper, facts: CertificateFacts) -> None:
    with pytest.raises(GlyphMissing) as stop:
        paper(dataclasses.replace(facts, units=("磷肥🏭",)))
    assert "🏭" in str(stop.value)


def test_a_missing_template_stops_the_act(
    paper: Paper, facts: CertificateFacts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document._prepared.cache_clear()
    monkeypatch.setattr(typefaces, "PAPER", tmp_path)
    with pytest.raises(TemplateMissing):
        paper(facts)


def test_a_missing_font_stops_the_act(
    paper: Paper, facts: CertificateFacts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document._prepared.cache_clear()
    monkeypatch.setattr(typefaces, "HEADING", tmp_path / "heading.otf")
    with pytest.raises(FontMissing):
        paper(facts)


def test_without_a_public_address_there_is_no_code(
    paper: Paper, facts: CertificateFacts, settings: object
) -> None:
    settings.PUBLIC_BASE_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(NoPublicAddress):
        paper(facts)


def test_the_fixed_faces_have_every_character_of_the_template() -> None:
    wanted = {ord(character) for character in typefaces.fixed_characters()}
    for path in (typefaces.HEADING, typefaces.SMALL):
        assert wanted <= coverage(path)


def test_the_background_is_deterministic_and_compact() -> None:
    first = background.compiled()
    background.compiled.cache_clear()
    assert background.compiled() == first
    assert len(first) < 20_000


def test_markup_in_a_name_stays_text(paper: Paper, facts: CertificateFacts) -> None:
    assert "<b>&amp;公司</b>" in text_of(paper(dataclasses.replace(facts, holder_name="<b>&amp;公司</b>")))


def test_the_seal_on_the_screen_is_the_same_drawing() -> None:
    drawing = seal.svg("江苏省质量技术监督局")
    assert drawing.count("<path") == len("江苏省质量技术监督局") + len("演示专用")
    assert seal.svg("江苏省质量技术监督局") == drawing
    with pytest.raises(GlyphMissing):
        seal.svg("🏭局")
