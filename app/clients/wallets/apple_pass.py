"""Passes for Apple Wallet: a zip of JSON and pictures, with a signature over their checksums.

The form is Apple's "Wallet Passes" and its guide "Building a Pass".
"""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from PIL import Image, ImageDraw

from app.clients.pictures.qr import png_file
from app.domain.events.schedules import When
from app.domain.listings import PrintedTicket
from app.texts.catalogue import _, written_in
from app.texts.moments import short_moment

_ICON_SIDE: Final = 29
"""Points of the icon in the list of notifications; the file with ``@2x`` has twice the pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppleIdentity:
    """What Apple gives a developer: PEM texts and the two names that are in the certificate.

    ``authority`` is Apple's own intermediate certificate, "Worldwide Developer Relations".
    """

    certificate: str
    key: str
    authority: str
    pass_type: str
    team: str


class SignedApplePasses:
    """Makes passes that telephones accept as this organizer's.

    Raises:
        ValueError: a certificate or the key cannot be read, or they are not of each other.
    """

    def __init__(self, identity: AppleIdentity) -> None:
        self._identity = identity
        self._certificate = _certificate(identity.certificate)
        self._authority = _certificate(identity.authority)
        self._key = _key(identity.key)
        if self._key.public_key() != self._certificate.public_key():
            raise ValueError("the key is not the certificate's")

    def pass_file(self, printed: PrintedTicket, *, code: str) -> bytes:
        """A signed ``.pkpass`` that shows the code."""
        with written_in(printed.language):
            described = self._described(printed, code)
        files = {
            "pass.json": json.dumps(described, ensure_ascii=False).encode(),
            "icon.png": _icon(_ICON_SIDE),
            "icon@2x.png": _icon(2 * _ICON_SIDE),
        }
        checksums = {
            name: hashlib.sha1(content, usedforsecurity=False).hexdigest()
            for name, content in files.items()
        }
        manifest = json.dumps(checksums).encode()
        signed = {**files, "manifest.json": manifest, "signature": self._signature(manifest)}
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in signed.items():
                archive.writestr(name, content)
        return packed.getvalue()

    def _signature(self, manifest: bytes) -> bytes:
        builder = PKCS7SignatureBuilder().set_data(manifest)
        builder = builder.add_signer(self._certificate, self._key, SHA256())
        return builder.add_certificate(self._authority).sign(
            Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
        )

    def _described(self, printed: PrintedTicket, code: str) -> dict[str, Any]:
        ticket, paper = printed.ticket, printed.paper
        when = ticket.when
        number = _("Ticket %(ticket)s of order %(order)s", ticket=ticket.id, order=paper.order_id)
        return {
            "formatVersion": 1,
            "passTypeIdentifier": self._identity.pass_type,
            "teamIdentifier": self._identity.team,
            "serialNumber": f"{ticket.id}-{ticket.version}",
            "organizationName": paper.organizer or _("Tickets"),
            "description": _("Ticket for %(event)s", event=ticket.event_title),
            "relevantDate": when.starts_at.isoformat(),
            "voided": printed.why_not_good is not None,
            "backgroundColor": "rgb(18, 24, 31)",
            "foregroundColor": "rgb(255, 255, 255)",
            "labelColor": "rgb(185, 196, 208)",
            "barcodes": [
                {
                    "format": "PKBarcodeFormatQR",
                    "message": code,
                    "messageEncoding": "iso-8859-1",
                    "altText": ticket.short_code,
                }
            ],
            "eventTicket": {
                "primaryFields": [_field("event", _("Event"), ticket.event_title)],
                "secondaryFields": [
                    _when(when),
                    _field("where", _("Where"), ticket.event_location),
                ],
                "auxiliaryFields": [
                    _field("type", _("Ticket"), ticket.ticket_type),
                    _field("holder", _("Holder"), paper.holder),
                ],
                "backFields": [
                    _field("number", _("Number"), number),
                    *([_field("terms", _("Terms"), paper.terms)] if paper.terms else []),
                ],
            },
        }


def _when(when: When) -> dict[str, str | bool]:
    """A moment as the telephone writes it; whole days in words, which have no time."""
    if when.all_day:
        return {**_field("when", _("When"), short_moment(when))}
    return {
        **_field("when", _("When"), when.starts_at.isoformat()),
        "dateStyle": "PKDateStyleMedium",
        "timeStyle": "PKDateStyleShort",
        "ignoresTimeZone": True,
    }


def _field(key: str, label: str, value: str) -> dict[str, str]:
    return {"key": key, "label": label, "value": value}


def _icon(side: int) -> bytes:
    """A ticket seen from afar: a black bar on white. Apple refuses passes without an icon."""
    picture = Image.new("1", (side, side), 1)
    right, bottom = side - side // 8 - 1, side - side // 4 - 1
    ImageDraw.Draw(picture).rectangle((side // 8, side // 4, right, bottom), fill=0)
    return png_file(picture)


def _certificate(text: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError:
        raise ValueError("a certificate is not in PEM form") from None


def _key(text: str) -> RSAPrivateKey | EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (TypeError, ValueError):
        raise ValueError("the key is not in PEM form, or has a password") from None
    match key:
        case RSAPrivateKey() | EllipticCurvePrivateKey():
            return key
    raise ValueError("the key is neither RSA nor of an elliptic curve")
