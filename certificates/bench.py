"""Bodies of the certificate bench: milliseconds each, interleaved with their floor by `./dev bench`."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.test.utils import override_settings
from django.utils import timezone
from weasyprint import HTML

from certificates import keys, qr, signing
from certificates.authenticity import verify_pdf
from certificates.facts import CertificateFacts, new_public_id
from certificates.making import make_pdf
from certificates.render.document import render

FLOOR = "plain page and raw signature"
BASE = "https://licence.example"
SAMPLE = CertificateFacts(
    licence_number="(苏)XK90-002-00017",
    version=1,
    holder_name="苏州金穗肥业有限公司",
    uscc="91320583MA1X5C7DXJ",
    registered_address="江苏省苏州市昆山市春晖路 88 号",
    production_addresses=("江苏省苏州市昆山市周市镇优比路 12 号",),
    category_name="化肥（磷肥）",
    units=("过磷酸钙", "钙镁磷肥"),
    issue_date=date(2015, 9, 29),
    valid_from=date(2015, 9, 29),
    valid_until=date(2020, 9, 28),
    authority_code="320000",
    authority_name="江苏省质量技术监督局",
    public_id=new_public_id(),
    demo=True,
)


@contextlib.contextmanager
def bodies() -> Iterator[dict[str, Callable[[], float]]]:
    """What to measure, by name, with a throw-away key; `FLOOR` names the floor."""
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(override_settings(KEY_DIR=directory, WORLD="demo", PUBLIC_BASE_URL=BASE))
        at = timezone.now()
        signer = keys.signer_for(authority_code="320000", authority_name=SAMPLE.authority_name, at=at)
        message = qr.cose_sign1(qr.payload(SAMPLE), key_id=bytes(8), sign_digest=lambda digest: bytes(64))
        code = qr.encode(BASE, SAMPLE.public_id, message)
        unsigned = render(SAMPLE, code, address=BASE, at=at)
        signed = make_pdf(SAMPLE, signer, at)
        root = _der(signer.chain[-1])
        measured: dict[str, Callable[[], object]] = {
            FLOOR: lambda: (HTML(string="<p>x").write_pdf(), signer.sign_digest(bytes(32))),
            "certificate, whole": lambda: make_pdf(SAMPLE, signer, at),
            "rendering alone": lambda: render(SAMPLE, code, address=BASE, at=at),
            "signing alone": lambda: signing.sign(unsigned, signer=signer, reason="bench"),
            "QR code alone": lambda: qr.encode(BASE, SAMPLE.public_id, message),
            "verification": lambda: verify_pdf(signed, roots=[root]),
        }
        yield {name: _timed(body) for name, body in measured.items()}


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _timed(body: Callable[[], object]) -> Callable[[], float]:
    def milliseconds() -> float:
        start = time.perf_counter()
        body()
        return (time.perf_counter() - start) * 1000

    return milliseconds
