"""A certificate that is good for being named, and for nothing else."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def self_signed(name: str = "test") -> x509.Certificate:
    """Signed by its own key, which is thrown away."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    draft = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
    draft = draft.serial_number(x509.random_serial_number())
    dated = draft.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2040, 1, 1, tzinfo=UTC)
    )
    return dated.sign(key, hashes.SHA256())
