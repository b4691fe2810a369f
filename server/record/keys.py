"""The council's signing key (ECDSA P-256) and the certificate a PDF reader wants to see.

Both are made the first time something is to be signed and live in the data folder: the key readable by its
owner alone, the certificate and the public key beside it, to be published. Signatures are deterministic
(RFC 6979), so that the same record gives the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509.oid import NameOID

KEY_FILE = "record-signing-key.pem"
CERTIFICATE_FILE = "record-signing-certificate.pem"
PUBLIC_FILE = "record-public-key.pem"

# A record is kept for decades; a signature must not look expired because the certificate around the key is.
_NEVER = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
_WIDTH = 32
# The head of every P-256 public key: SubjectPublicKeyInfo up to the two coordinates.
_P256 = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"


class KeyTrouble(Exception):
    """The key files are there but cannot be used. The message says which and why, for the person who runs
    the server.
    """


@dataclass(frozen=True)
class SigningKey:
    """The private key with its certificate. Nothing of the private key is ever printed or logged."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def public_key(self) -> str:
        """The public key as it stands in records: SubjectPublicKeyInfo, DER, in hex."""
        return public_hex(self.private.public_key())

    def sign(self, message: bytes) -> str:
        """Return the signature over `message` in hex: r and s, 32 bytes each."""
        r, s = decode_dss_signature(self.private.sign(message, _algorithm()))
        return (r.to_bytes(_WIDTH, "big") + s.to_bytes(_WIDTH, "big")).hex()


def load_or_make(folder: Path, council: str) -> SigningKey:
    """Return the key kept in `folder`, making it first if there is none. Raises `KeyTrouble`."""
    if not (folder / KEY_FILE).exists():
        _make(folder, council)
    try:
        private = serialization.load_pem_private_key((folder / KEY_FILE).read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise KeyTrouble(f"The signing key in {folder} cannot be read: {type(error).__name__}.") from error
    if (
        not isinstance(private, ec.EllipticCurvePrivateKey)
        or certificate.public_key() != private.public_key()
    ):
        raise KeyTrouble(f"The signing key and the certificate in {folder} do not belong together.")
    return SigningKey(private, certificate)


def newest_key_in(path: Path) -> str:
    """Read the key that the council signs with now, which stands first in its file. Raises `KeyTrouble`."""
    return _public_keys(path)[0]


def public_keys_in(path: Path) -> frozenset[str]:
    """Read the council's published key file: one or more public keys in PEM. Raises `KeyTrouble`."""
    return frozenset(_public_keys(path))


def _public_keys(path: Path) -> list[str]:
    mark = b"-----END PUBLIC KEY-----"
    try:
        blocks = [block + mark for block in path.read_bytes().split(mark)[:-1]]
        loaded = [serialization.load_pem_public_key(block.lstrip()) for block in blocks]
    except (OSError, ValueError) as error:
        raise KeyTrouble(f"There is no public key that can be read in {path}.") from error
    found = [public_hex(key) for key in loaded if isinstance(key, ec.EllipticCurvePublicKey)]
    if not found:
        raise KeyTrouble(f"There is no public key that can be read in {path}.")
    return found


def public_hex(key: ec.EllipticCurvePublicKey) -> str:
    """Return a public key as it stands in records."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return der.hex()


def fingerprint(public_key: str) -> str:
    """Return the SHA-256 of a public key, in hex: short enough to be published on paper."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()


def signature_fits(public_key: str, signature: str, message: bytes) -> bool:
    """Say whether `signature` over `message` was made with the key. Anything malformed does not fit."""
    # Asked first, so that a stranger's file cannot choose which of the library's many kinds of key is tried.
    if not public_key.startswith(_P256):
        return False
    try:
        key = serialization.load_der_public_key(bytes.fromhex(public_key))
        raw = bytes.fromhex(signature)
    except ValueError:
        return False
    # One key and one signature have one spelling each: hex in lower case, a fixed length, the only DER form.
    if raw.hex() != signature or len(raw) != 2 * _WIDTH or not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    if public_hex(key) != public_key:
        return False
    r, s = int.from_bytes(raw[:_WIDTH], "big"), int.from_bytes(raw[_WIDTH:], "big")
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _algorithm() -> ec.ECDSA:
    return ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


def _make(folder: Path, council: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    certificate = _certificate(private, council).public_bytes(serialization.Encoding.PEM)
    published = folder / PUBLIC_FILE
    # Keys of before stay published: what they signed stays this council's.
    older = published.read_bytes() if published.exists() else b""
    # The private key comes last: where it is, the certificate that belongs to it is too.
    _write(published, public + older, 0o644)
    _write(folder / CERTIFICATE_FILE, certificate, 0o644)
    _write(folder / KEY_FILE, pem, 0o600)


def _certificate(private: ec.EllipticCurvePrivateKey, council: str) -> x509.Certificate:
    name = x509.Name(
        [
            # X.520 allows 64 characters here; a longer name of a council must not stop a record from being signed.
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, council[:64] or "True Record"),
            x509.NameAttribute(NameOID.COMMON_NAME, "True Record signing key"),
        ]
    )
    public = private.public_key()
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1))
        .not_valid_after(_NEVER)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(private, hashes.SHA256(), ecdsa_deterministic=True)
    )


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file that never exists half-written, nor for a moment with wider rights than `mode`."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
