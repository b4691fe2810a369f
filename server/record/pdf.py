"""The PDF of one copy: PDF/UA-1 for screen readers, PDF/A-3a for the archive, signed PAdES, the JSON
attached.

The same copy and key give the same bytes: fonts and layout come with the package, and time, file id and
signature are taken from the copy. Printing never fails because of a character (`glyphs`).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import typst
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from server.record import glyphs
from server.record.keys import SigningKey
from server.record.pdf_check import ATTACHMENT
from server.record.plain import to_plain
from server.record.sealed import Record
from server.record.telling import tell

REASON = "True Record: signed record of a conference"
STANDARDS: list[Any] = ["a-3a", "ua-1"]
CHECK = (
    "Anybody who holds this file can check it, without signing in: at the council’s True Record page "
    "“Check a record”, or without the internet with “truerecord verify”. On paper, compare the fingerprint below."
)
# Room in the file for the signature and the certificate, in hex digits.
_RESERVED = 8192

Printer: TypeAlias = Callable[[str], glyphs.Line]


def pdf_of(copy: Record, key: SigningKey) -> bytes:
    """Print and sign a copy. Takes about a tenth of a second: call it off the event loop."""
    return _sign(print_copy(copy), copy, key)


def print_copy(copy: Record) -> bytes:
    """Print a copy, not yet signed. The same bytes each time, on any machine with the same fonts."""
    try:
        return _typeset(copy, glyphs.line)
    except typst.TypstError:
        # A cluster that no single font can shape. The names of its characters always print.
        return _typeset(copy, lambda text: glyphs.Line(glyphs.plainest(text), "ltr", "en"))


def _typeset(copy: Record, printer: Printer) -> bytes:
    told = _printable(to_plain(tell(copy)), printer) | {"check": to_plain(printer(CHECK))}
    template: bytes = (files("server.record") / "record.typ").read_bytes()
    made = typst.compile(
        template,
        font_paths=_fonts(),
        sys_inputs={
            "told": json.dumps(told),
            "families": json.dumps(glyphs.FAMILIES),
            "attachment": ATTACHMENT,
            "copy": copy.to_bytes().decode(),
        },
        pdf_standards=STANDARDS,
        timestamp=copy.seal.signed_at.replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts that come with the package: what a machine happens to have must not change the bytes."""
    folders = [str(folder) for folder in glyphs.font_folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _printable(value: Any, printer: Printer) -> Any:
    """Give every text its direction and language; keep numbers and truth values."""
    if isinstance(value, str):
        return to_plain(printer(value))
    if isinstance(value, list):
        return [_printable(item, printer) for item in value]
    if isinstance(value, dict):
        return {name: _printable(item, printer) for name, item in value.items()}
    return value


class _RecordSigner(Signer):
    """Signs with the council's key, deterministically, and with nothing fetched from anywhere."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key.private
        certificate = asn1_x509.Certificate.load(key.certificate.public_bytes(serialization.Encoding.DER))
        super().__init__(signing_cert=certificate, cert_registry=SimpleCertificateStore())

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


class _SteadyWriter(IncrementalPdfFileWriter):
    """Adds the signature and changes nothing else: no new time in the metadata, no random file id."""

    def __init__(self, printed: bytes) -> None:
        super().__init__(io.BytesIO(printed))
        first = self._document_id[0]
        self._document_id = ArrayObject([first, ByteStringObject(hashlib.sha256(printed).digest()[:16])])

    def _update_meta(self) -> None:
        # The library would write "modified now" here; the archive's metadata already say when this was made.
        return


class _PunctualSigner(PdfSigner):
    """Says the time of signing the record, not of printing this copy."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: Signer, at: datetime) -> None:
        super().__init__(metadata, signer=signer)
        self._at = at

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def _sign(printed: bytes, copy: Record, key: SigningKey) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name="RecordSignature",
        md_algorithm="sha256",
        reason=REASON,
        name=copy.seal.council,
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = _PunctualSigner(metadata, _RecordSigner(key), copy.seal.signed_at)
    out = io.BytesIO()
    signer.sign_pdf(_SteadyWriter(printed), output=out, bytes_reserved=_RESERVED)
    return out.getvalue()
