"""Keys: the only module that loads a private key (a test holds it), and only the signing worker calls it.

One signer per issuing authority in `KEY_DIR`, each a PEM file (0600) of key, certificate and chain. In the
demo world missing ones are made under a self-made authority whose every name says DEMO; its root key signs
one issuing certificate and is then forgotten. Elsewhere a missing key stops the act.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID
from django.conf import settings

from certificates.errors import KeyUnreadable, KeyUnsafe, NoSigningKey, SignerNotValid
from core.lifecycle.dates import shanghai_date

ALGORITHM = "ES256"
ROOT_YEARS, ISSUING_YEARS, SIGNER_YEARS = 30, 25, 12
"""Longer than any licence: without a time stamp a paper is judged by its signer's own term."""

LONGEST_NAME = 64
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_CODE = re.compile(r"^[A-Za-z0-9-]{1,32}$")
_AUTHORITY_FILE = "demo-authority.pem"
_KEY = re.compile(rb"-----BEGIN (?:EC )?PRIVATE KEY-----")


class Signer(Protocol):
    """What signing needs; a file today, a PKCS#11 token another day."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Issuing certificates up to and including the root, without the signer's own."""
        ...

    def sign_digest(self, digest: bytes) -> bytes:
        """ECDSA P-256 over a SHA-256 digest, DER-encoded."""
        ...


@dataclass(frozen=True)
class FileSigner:
    """A signer whose key was parsed once from its file."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    _key: ec.EllipticCurvePrivateKey

    def sign_digest(self, digest: bytes) -> bytes:
        return self._key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def key_id(certificate: x509.Certificate) -> str:
    """Sixteen hexadecimal digits that name a public key in QR codes and records."""
    public = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(public).hexdigest()[:16]


def raw_signature(der: bytes) -> bytes:
    """A DER signature as the 64 bytes r‖s that COSE wants."""
    r, s = utils.decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


_loaded: dict[Path, tuple[tuple[int, int, int], FileSigner]] = {}


def signer_for(*, authority_code: str, authority_name: str, at: datetime) -> Signer:
    """The signer of an authority at real time `at`.

    Raises NoSigningKey, KeyUnsafe, KeyUnreadable, SignerNotValid. In the demo world a missing key is made.
    """
    if not settings.KEY_DIR or not _CODE.match(authority_code):
        raise NoSigningKey(authority=authority_code)
    directory = Path(settings.KEY_DIR)
    path = directory / f"signer-{authority_code}.pem"
    if not path.is_file():
        if settings.WORLD != "demo":
            raise NoSigningKey(authority=authority_name)
        _make_demo_signer(directory, path, authority_code, authority_name, at)
    signer = _load(path)
    if not signer.certificate.not_valid_before_utc <= at <= signer.certificate.not_valid_after_utc:
        raise SignerNotValid(day=shanghai_date(at).isoformat())
    return signer


def _load(path: Path) -> FileSigner:
    stamp = _check(path)
    known = _loaded.get(path)
    if known and known[0] == stamp:
        return known[1]
    key, certificates = _read(path)
    if key.public_key() != certificates[0].public_key():
        raise KeyUnreadable(file=path.name)
    signer = FileSigner(certificates[0], tuple(certificates[1:]), key)
    _loaded[path] = (stamp, signer)
    return signer


def _check(path: Path) -> tuple[int, int, int]:
    """What identifies this content of the file. Raises KeyUnsafe when others may read it."""
    try:
        found = path.stat()
    except OSError as error:
        raise KeyUnreadable(file=path.name) from error
    if found.st_mode & 0o077:
        raise KeyUnsafe(file=path.name)
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, list[x509.Certificate]]:
    _check(path)
    try:
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content[_KEY.search(content).start() :], password=None)  # type: ignore[union-attr]
        certificates = x509.load_pem_x509_certificates(content)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise KeyUnreadable(file=path.name) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyUnreadable(file=path.name)
    return key, certificates


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One maker at a time, across processes; the lock goes with the process."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(directory / ".lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, key: ec.EllipticCurvePrivateKey, certificates: list[x509.Certificate]) -> None:
    """All of it or nothing: a private temporary file (0600), then one rename."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as target:
        target.write(private + public)
        target.flush()
        os.fsync(target.fileno())
    os.replace(target.name, path)


def _make_demo_signer(directory: Path, path: Path, code: str, name: str, at: datetime) -> None:
    with _locked(directory):
        if path.is_file():
            return
        authority = directory / _AUTHORITY_FILE
        if not authority.is_file():
            _make_demo_authority(authority, at)
        issuing_key, chain = _read(authority)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(_fitting(f"DEMO 演示 {name} 电子证书签名", f"DEMO 演示 {name}"), _fitting(name), code)
        certificate = _certify(key, subject, chain[0], issuing_key, at, SIGNER_YEARS, ca_depth=None)
        _write(path, key, [certificate, *chain])


def _fitting(*names: str) -> str:
    """The first name that a certificate has room for (64 bytes of UTF-8), or as much of the last as fits."""
    found = next((name for name in names if len(name.encode()) <= LONGEST_NAME), names[-1])
    return found.encode()[:LONGEST_NAME].decode(errors="ignore")


def _make_demo_authority(path: Path, at: datetime) -> None:
    """A root that signs one issuing certificate; the root's key is never written."""
    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name("DEMO 演示根证书 无法律效力", "DEMO 演示", "")
    root = _certify(root_key, root_name, None, root_key, at, ROOT_YEARS, ca_depth=1)
    issuing_name = _name("DEMO 演示签发证书 无法律效力", "DEMO 演示", "")
    issuing = _certify(issuing_key, issuing_name, root, root_key, at, ISSUING_YEARS, ca_depth=0)
    _write(path, issuing_key, [issuing, root])


def _name(common: str, organisation: str, code: str) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ]
    if code:
        parts.insert(2, x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, code))
    return x509.Name(parts)


def _certify(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    at: datetime,
    years: int,
    *,
    ca_depth: int | None,
) -> x509.Certificate:
    """One certificate, self-signed without `issuer`; `ca_depth` None makes a signer's."""
    authority = ca_depth is not None
    issuer_public = issuer.public_key() if issuer else key.public_key()
    assert isinstance(issuer_public, ec.EllipticCurvePublicKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=round(365.25 * years)))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=ca_depth), critical=True)
        .add_extension(_usage(authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
