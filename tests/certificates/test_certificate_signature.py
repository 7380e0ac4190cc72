"""The signature under other people's eyes, and our own verdict on hostile files (R-49; ESL art. 13)."""

import io
import re
import stat
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import cwt
import pypdf
import pytest
import zxingcpp
from cryptography.hazmat.primitives.serialization import Encoding
from cwt.enums import COSEAlgs
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates import keys, qr
from certificates.authenticity import MAX_BYTES, Finding, verify_pdf
from certificates.errors import KeyUnreadable, KeyUnsafe, NoSigningKey, SignerNotValid
from certificates.facts import CertificateFacts
from certificates.making import make_pdf
from certificates.signing import sign

Paper = Callable[[CertificateFacts], Path]
REPO = Path(__file__).resolve().parents[2]


def run(*command: object) -> str:
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def signed(paper: Paper, facts: CertificateFacts) -> bytes:
    return paper(facts).read_bytes()


def hole(pdf: bytes) -> tuple[int, int]:
    """Where the signature's hexadecimal text stands."""
    found = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) \d+\s*\]", pdf)
    assert found
    return int(found[1]), int(found[2])


@pytest.mark.req("R-49")
def test_poppler_finds_the_signature_valid(paper: Paper, facts: CertificateFacts) -> None:
    report = run("pdfsig", paper(facts))
    assert "Signature Validation: Signature is Valid." in report
    assert "Total document signed" in report
    assert "ETSI.CAdES.detached" in report


@pytest.mark.req("R-49")
def test_openssl_verifies_it_to_the_root(signed: bytes, root: bytes, tmp_path: Path) -> None:
    start, end = hole(signed)
    message = bytes.fromhex(signed[start + 1 : end - 1].decode())
    (tmp_path / "signature.der").write_bytes(message)
    (tmp_path / "content").write_bytes(signed[:start] + signed[end:])
    (tmp_path / "root.der").write_bytes(root)
    run("openssl", "x509", "-inform", "DER", "-in", tmp_path / "root.der", "-out", tmp_path / "root.pem")
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
    files = ["-in", "signature.der", "-content", "content", "-CAfile", "root.pem", "-out", "/dev/null"]
    done = subprocess.run(command + files, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_it_certifies_and_allows_no_change(signed: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(signed))
    field = reader.trailer["/Root"]["/AcroForm"]["/Fields"][0].get_object()
    transform = field["/V"]["/Reference"][0]
    assert transform["/TransformMethod"] == "/DocMDP"
    assert transform["/TransformParams"]["/P"] == 1
    assert reader.trailer["/Root"]["/Perms"]["/DocMDP"]


def test_the_signature_carries_real_time_whatever_the_legal_date(
    signed: bytes, root: bytes, at: datetime
) -> None:
    verdict = verify_pdf(signed, roots=[root])
    assert abs(datetime.fromisoformat(verdict.signed_at) - at) < timedelta(minutes=2)


@pytest.mark.req("R-49")
def test_a_genuine_paper_is_authentic_and_unaltered(
    signed: bytes, root: bytes, facts: CertificateFacts
) -> None:
    verdict = verify_pdf(signed, roots=[root])
    assert (verdict.authentic, verdict.unaltered, verdict.finding) == (True, True, Finding.GENUINE)
    assert verdict.facts == facts


@pytest.mark.req("R-49")
def test_one_byte_altered_fails_wherever_it_is(signed: bytes, root: bytes) -> None:
    start, end = hole(signed)
    places = [*range(11, len(signed), len(signed) // 60), *range(start + 1, start + 3600, 83), end - 3]
    for place in places:
        altered = bytearray(signed)
        altered[place] = ord("1") if altered[place] != ord("1") else ord("2")
        verdict = verify_pdf(bytes(altered), roots=[root])
        assert not verdict.unaltered, place
        assert verdict.facts is None, place


def test_altered_content_is_told_from_a_stranger(signed: bytes, root: bytes) -> None:
    altered = bytearray(signed)
    altered[5000] ^= 1
    verdict = verify_pdf(bytes(altered), roots=[root])
    assert (verdict.authentic, verdict.unaltered, verdict.finding) == (True, False, Finding.ALTERED)


def test_what_was_appended_after_signing_is_seen_and_not_believed(
    signed: bytes, root: bytes, facts: CertificateFacts
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    specification = names[1]
    forged = facts.canonical.replace("苏州金穗".encode(), "无锡金穗".encode())
    stream = generic.StreamObject(stream_data=forged)
    specification["/EF"]["/F"] = writer.add_object(stream)
    writer.update_container(specification)
    output = io.BytesIO()
    writer.write(output)
    verdict = verify_pdf(output.getvalue(), roots=[root])
    assert (verdict.authentic, verdict.unaltered) == (True, False)
    assert verdict.finding is Finding.CHANGED_AFTER_SIGNING
    assert verdict.facts == facts


@pytest.mark.parametrize("tail", [b"\n", b"%x\n", b"\0" * 10, b"\nstartxref\n0\n%%EOF\n"])
def test_bytes_after_the_end_are_a_change(tail: bytes, signed: bytes, root: bytes) -> None:
    assert not verify_pdf(signed + tail, roots=[root]).unaltered


def test_another_authority_of_the_same_make_is_a_stranger(
    facts: CertificateFacts, root: bytes, settings: Any, tmp_path: Path, at: datetime
) -> None:
    settings.KEY_DIR = str(tmp_path / "forger")
    forger = keys.signer_for(authority_code="320000", authority_name=facts.authority_name, at=at)
    verdict = verify_pdf(make_pdf(facts, forger, at), roots=[root])
    assert (verdict.authentic, verdict.unaltered) == (False, False)
    assert verdict.finding is Finding.SIGNED_BY_ANOTHER
    assert verdict.facts is None


def test_a_second_signature_by_a_stranger_makes_nothing_genuine(
    signed: bytes, root: bytes, settings: Any, tmp_path: Path, at: datetime
) -> None:
    settings.KEY_DIR = str(tmp_path / "forger")
    forger = keys.signer_for(authority_code="1", authority_name="x", at=at)
    unsigned = pypdf.PdfWriter()
    unsigned.add_blank_page(100, 100)
    output = io.BytesIO()
    unsigned.write(output)
    assert not verify_pdf(sign(output.getvalue(), signer=forger, reason=""), roots=[root]).authentic


def test_a_paper_of_ours_without_facts_is_not_genuine(root: bytes, signer: keys.Signer) -> None:
    unsigned = pypdf.PdfWriter()
    unsigned.add_blank_page(100, 100)
    output = io.BytesIO()
    unsigned.write(output)
    verdict = verify_pdf(sign(output.getvalue(), signer=signer, reason=""), roots=[root])
    assert verdict.finding is Finding.NO_FACTS
    assert not verdict.genuine


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", Finding.NOT_A_PDF),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 2000, Finding.NOT_A_PDF),
        (b"%PDF-1.7\n", Finding.DAMAGED),
        (b"%PDF-1.7\n" + b"[" * 100_000, Finding.DAMAGED),
        (b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF", Finding.DAMAGED),
        (b"%PDF-1.7\n" + b"x" * MAX_BYTES, Finding.TOO_LARGE),
    ],
    ids=["empty", "image", "header", "nested", "loop", "huge"],
)
def test_hostile_files_get_a_verdict_and_no_exception(content: bytes, finding: Finding, root: bytes) -> None:
    verdict = verify_pdf(content, roots=[root])
    assert (verdict.authentic, verdict.unaltered, verdict.finding) == (False, False, finding)


def test_truncated_and_unsigned_papers(signed: bytes, root: bytes) -> None:
    for length in range(100, len(signed), len(signed) // 25):
        assert not verify_pdf(signed[:length], roots=[root]).authentic
    start, _ = hole(signed)
    end = signed.rindex(b"%%EOF", 0, start) + 6
    assert verify_pdf(signed[:end], roots=[root]).finding is Finding.NOT_SIGNED


@pytest.mark.req("R-49")
def test_the_code_verifies_offline_with_another_library(
    paper: Paper, facts: CertificateFacts, signer: keys.Signer
) -> None:
    path = paper(facts)
    run("pdftoppm", "-r", 150, "-singlefile", "-png", path, path.with_suffix(""))
    (found,) = zxingcpp.read_barcodes(Image.open(path.with_suffix(".png")))
    message = qr.message_of(found.text.partition("#")[2])
    public = cwt.COSEKey.from_pem(
        signer.certificate.public_bytes(Encoding.PEM),
        alg=COSEAlgs.ES256,
        kid=bytes.fromhex(keys.key_id(signer.certificate)),
    )
    content = cbor2.loads(cwt.COSE.new().decode(message, public))
    assert content[qr.NUMBER] == facts.licence_number
    assert content[qr.UNITS] == list(facts.units)
    assert content[qr.UNTIL] == "2020-09-28"
    with pytest.raises(cwt.VerifyError):
        cwt.COSE.new().decode(message[:-1] + bytes([message[-1] ^ 1]), public)


@pytest.mark.parametrize("fragment", ["", "x", "-1", "１２", "12", "9" * 5000])
def test_a_hostile_fragment_is_refused(fragment: str) -> None:
    with pytest.raises(ValueError, match="fragment"):
        qr.message_of(fragment)


def test_every_demo_certificate_says_so(signer: keys.Signer) -> None:
    for certificate in (signer.certificate, *signer.chain):
        assert "DEMO" in certificate.subject.rfc4514_string()


def test_key_files_are_private_and_the_roots_key_is_nowhere(signer: keys.Signer, key_dir: Path) -> None:
    files = [path for path in key_dir.iterdir() if path.suffix == ".pem"]
    assert {path.name for path in files} == {"demo-authority.pem", "signer-320000.pem"}
    assert stat.S_IMODE(key_dir.stat().st_mode) == 0o700
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        key, certificates = keys._read(path)
        assert key.public_key() == certificates[0].public_key() != certificates[-1].public_key()


def test_a_key_others_can_read_is_refused(signer: keys.Signer, key_dir: Path, at: datetime) -> None:
    (key_dir / "signer-320000.pem").chmod(0o640)
    with pytest.raises(KeyUnsafe):
        keys.signer_for(authority_code="320000", authority_name="x", at=at)


def test_a_broken_key_is_refused(signer: keys.Signer, key_dir: Path, at: datetime) -> None:
    path = key_dir / "signer-320000.pem"
    path.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(KeyUnreadable):
        keys.signer_for(authority_code="320000", authority_name="x", at=at)


def test_an_expired_signer_signs_nothing(signer: keys.Signer, at: datetime) -> None:
    with pytest.raises(SignerNotValid):
        keys.signer_for(authority_code="320000", authority_name="x", at=at + timedelta(days=365 * 13))


@pytest.mark.parametrize(("world", "directory"), [("real", "keys"), ("demo", "")])
def test_outside_the_demo_world_or_without_a_directory_no_key_is_made(
    world: str, directory: str, settings: Any, tmp_path: Path, at: datetime
) -> None:
    settings.WORLD = world
    settings.KEY_DIR = str(tmp_path / directory) if directory else ""
    with pytest.raises(NoSigningKey):
        keys.signer_for(authority_code="320000", authority_name="江苏省质量技术监督局", at=at)
    assert not list(tmp_path.rglob("*.pem"))


def test_a_code_never_leaves_the_key_directory(key_dir: Path, at: datetime) -> None:
    with pytest.raises(NoSigningKey):
        keys.signer_for(authority_code="../../etc/x", authority_name="x", at=at)


def test_only_one_module_loads_a_private_key() -> None:
    loads = re.compile(r"load_(pem|der|ssh)_private_key|derive_private_key|generate_private_key")
    packages = (
        "portal",
        "core",
        "catalog",
        "certificates",
        "licensing",
        "register",
        "inspections",
        "labs",
        "supervision",
    )
    found = {
        path.relative_to(REPO).as_posix()
        for package in packages
        for path in (REPO / package).rglob("*.py")
        if loads.search(path.read_text(encoding="utf-8"))
    }
    assert found - {"portal/demo/identity.py"} == {"certificates/keys.py"}
