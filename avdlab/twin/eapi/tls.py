"""The twin's own certificate: self-signed, EC P-256, one per lab, kept in the lab's folder."""

import ipaddress
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from avdlab.twin.eapi.folder import write_private

_LIFETIME = timedelta(days=3650)


def server_context(folder: Path, names: Iterable[str]) -> ssl.SSLContext:
    """Return the TLS settings of every listener; makes the certificate when there is none."""
    certificate, key = folder / "eapi.crt", folder / "eapi.key"
    if not (certificate.exists() and key.exists()):
        _make(certificate, key, names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def _make(certificate: Path, key: Path, names: Iterable[str]) -> None:
    """Make a P-256 key (its handshake costs a fifth of RSA-2048's) and sign it with itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "avdlab twin")])
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    hosts = [x509.DNSName(name) for name in ("localhost", *sorted(set(names))) if _is_dns(name)]
    start = datetime.now(UTC) - timedelta(hours=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName([*hosts, loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    write_private(
        key,
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    write_private(certificate, signed.public_bytes(serialization.Encoding.PEM))


def _is_dns(name: str) -> bool:
    return name.isascii() and all(part.isalnum() or part in "-._" for part in name) and bool(name)
