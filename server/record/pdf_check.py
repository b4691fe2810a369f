"""Look at a PDF that someone hands in: is its signature whole, does it cover the entire file, what is
attached?

A trust boundary: the file is a stranger's. Every failure of the PDF library means "this cannot be read",
nothing more. An intact signature is not enough, because a PDF can be extended after signing; the signature
must cover all of it, and what lies in the gap it leaves for itself must be exactly the signature in its one
encoding.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pypdf
from asn1crypto import cms
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from server.record.verdict import Misfit

T = TypeVar("T")

ATTACHMENT = "true-record.json"
# Found in every file we print, in places far from each other; one of them survives a small change.
_TRACES = (
    rb"True Record: signed record",
    rb"True Record</",
    rb"true-record\.json",
    rb"Record of a child protection",
)

_CHANGED = Misfit("The printed pages", "The PDF was changed after signing. We cannot tell by whom.")
_ADDED = Misfit("The printed pages", "Something was added to the PDF after signing.")
_DAMAGED = Misfit("The PDF", "It is damaged or was changed, and can no longer be read.")
_UNSIGNED = Misfit("The signature of the PDF", "It was taken out.")


@dataclass(frozen=True, slots=True)
class Examined:
    """What is in the PDF: the attached record, the key its signature was made with (hex), and what does
    not fit.
    """

    attached: bytes | None
    public_key: str | None
    misfits: tuple[Misfit, ...]


def looks_like_pdf(data: bytes) -> bool:
    """Say whether these bytes are, or once were, a PDF."""
    return b"%PDF-" in data[:1024] or (b"%%EOF" in data[-1024:] and b"endobj" in data)


def examine(data: bytes) -> Examined | None:
    """Look into a PDF. None if it has nothing to do with our records."""
    reader = _tried(lambda: PdfFileReader(io.BytesIO(data), strict=False))
    attached = _tried(lambda: _attached(reader)) if reader is not None else None
    if attached is None and not any(trace in data for trace in _TRACES):
        return None
    if reader is None:
        return Examined(None, None, (_DAMAGED,))
    # The library runs an event loop of its own, which a thread that already has one would not let it do.
    with ThreadPoolExecutor(1) as apart:
        found = apart.submit(_tried, lambda: _signature(reader, data, attached)).result()
    return found or Examined(attached, None, (_CHANGED,))


def words_of(data: bytes) -> str:
    """The words that the pages show, in reading order; empty if they cannot be read."""
    return (
        _tried(lambda: "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))
        or ""
    )


def _tried(look: Callable[[], T]) -> T | None:
    """Call a PDF library on a stranger's file. It raises errors of many kinds; to us they all say the same."""
    # It also writes what it thinks of the file to the log, where nothing of a record belongs.
    for library in ("pyhanko", "pyhanko_certvalidator", "pypdf"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        return look()
    except Exception:
        return None


def _signature(reader: PdfFileReader, data: bytes, attached: bytes | None) -> Examined:
    signatures = reader.embedded_regular_signatures
    if len(signatures) != 1:
        return Examined(attached, None, (_ADDED if signatures else _UNSIGNED,))
    signature = signatures[0]
    signature.compute_integrity_info()
    certificate = signature.signer_cert
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[certificate], allow_fetching=False), skip_diff=True
    )
    misfits = []
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        misfits.append(_ADDED)
    if not (status.intact and status.valid and status.bottom_line and _gap_is_exact(signature, data)):
        misfits.append(_CHANGED)
    return Examined(attached, certificate.public_key.dump().hex(), tuple(misfits))


def _attached(reader: PdfFileReader) -> bytes | None:
    """The attached record, as the file is read with all its revisions."""
    names = list(reader.root["/Names"]["/EmbeddedFiles"]["/Names"])
    for name, spec in zip(names[::2], names[1::2], strict=True):
        held = spec.get_object() if isinstance(spec, IndirectObject) else spec
        if name == ATTACHMENT and isinstance(held, DictionaryObject):
            stream = held["/EF"]["/F"]
            if isinstance(stream, StreamObject):
                return bytes(stream.data)
    return None


def _gap_is_exact(signature: EmbeddedPdfSignature, data: bytes) -> bool:
    """The gap holds the signature as we write it, in capital hex, filled up with zeros, and nothing else.

    Outside its signed attributes a CMS structure has room for things that no signature covers. So it is put
    together anew from what is covered, and must come out the same.
    """
    start, length, after, rest = (int(number) for number in signature.byte_range)
    if start != 0 or after + rest != len(data):
        return False
    gap = data[length:after]
    return (
        gap == b"<" + _rebuilt(signature.signed_data).hex().upper().encode().ljust(len(gap) - 2, b"0") + b">"
    )


def _rebuilt(signed: cms.SignedData) -> bytes:
    signer, certificate = signed["signer_infos"][0], signed["certificates"][0].chosen
    whose = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    content = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v1",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "data"},
                "certificates": [certificate],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": cms.SignerIdentifier({"issuer_and_serial_number": whose}),
                        "digest_algorithm": {"algorithm": "sha256"},
                        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                        "signed_attrs": signer["signed_attrs"].untag(),
                        "signature": signer["signature"].native,
                    }
                ],
            },
        }
    )
    return bytes(content.dump())
