"""Milliseconds per certificate, rendered and signed, against an empty page by the same renderer."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from portal.bench.runner import interleave, report
from portal.embedded import faults
from portal.embedded.environment import REPO, Servers, with_keys

LOOPS = 10
ADDRESS = "http://127.0.0.1:8000"


def run() -> None:
    """Measure in a child with the signing worker's environment: this process has no Django and no key."""
    with Servers() as env, tempfile.TemporaryDirectory() as keys:
        child = {**with_keys(env), "KEY_DIR": keys}
        if (
            subprocess.run([sys.executable, "-m", "portal.bench.certificate"], env=child, cwd=REPO).returncode
            != 0
        ):
            raise faults.step_failed("bench certificate")


def measure() -> None:
    """The floor, rendering and signing, interleaved; one page, three units."""
    from weasyprint import HTML

    from certificates import keys, qr
    from certificates.facts import CertificateFacts, new_public_id
    from certificates.render.document import render
    from certificates.signing import sign

    at = datetime.now(UTC)
    signer = keys.signer_for(authority_code="bench", authority_name="江苏省市场监督管理局", at=at)
    facts = CertificateFacts(
        licence_number="(苏)XK06-001-00238",
        version=1,
        holder_name="江苏示范水泥制品有限公司",
        uscc="91320000134750806W",
        registered_address="江苏省南京市江宁区示范路 1 号",
        production_addresses=("江苏省南京市江宁区示范路 1 号",),
        category_name="水泥",
        units=("通用硅酸盐水泥", "特种水泥", "中热硅酸盐水泥"),
        issue_date=date(2015, 12, 2),
        valid_from=date(2015, 12, 2),
        valid_until=date(2020, 12, 1),
        authority_code="bench",
        authority_name="江苏省市场监督管理局",
        public_id=new_public_id(),
        demo=True,
    )
    address = qr.address(ADDRESS, facts.public_id)

    def paper() -> bytes:
        message = qr.cose_sign1(qr.payload(facts), key_id=b"bench", sign_digest=signer.sign_digest)
        return render(facts, qr.encode(ADDRESS, facts.public_id, message), address=address, at=at)

    made = paper()
    bodies: dict[str, Callable[[], object]] = {
        "empty page and raw signature": lambda: (
            HTML(string="<style>@page{size:A4}</style>").write_pdf(),
            signer.sign_digest(hashlib.sha256(b"floor").digest()),
        ),
        "rendered": paper,
        "signed": lambda: sign(made, signer=signer, reason="bench"),
        "rendered and signed": lambda: sign(paper(), signer=signer, reason="bench"),
    }
    for body in bodies.values():
        body()
    figures = interleave({name: _timed(body) for name, body in bodies.items()}, unit="ms")
    report("certificate", figures, floor="empty page and raw signature")


def _timed(body: Callable[[], object]) -> Callable[[], float]:
    """Milliseconds per call, over a few calls."""

    def once() -> float:
        began = time.perf_counter()
        for _call in range(LOOPS):
            body()
        return (time.perf_counter() - began) * 1000 / LOOPS

    return once


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    measure()
