"""Passes and links, checked as a telephone checks them."""

import hashlib
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from jose import jwt
from jose.exceptions import JWTError

from app.clients.wallets.apple_pass import SignedApplePasses
from app.clients.wallets.google_wallet import SignedGoogleWallet
from app.domain.languages import Language
from app.domain.states import TicketStatus
from tests.steps.wallets import ISSUER, PASS_TYPE, TEAM, apple_identity, pem_of, service_account
from tests.support.codes import some_code
from tests.support.prints import TERMS, YORUBA_TITLE, make_print

CODE = some_code()
NOW = datetime(2030, 5, 2, 12, tzinfo=UTC)
OPENSSL = shutil.which("openssl")


def files_of(**values: Any) -> dict[str, bytes]:
    packed = SignedApplePasses(apple_identity()).pass_file(make_print(**values), code=CODE)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def is_signed(manifest: bytes, signature: bytes, folder: Path) -> bool:
    """Whether openssl finds the authority's word behind the signature."""
    assert OPENSSL is not None
    for name, content in (("manifest", manifest), ("signature", signature)):
        (folder / name).write_bytes(content)
    (folder / "authority").write_text(apple_identity().authority)
    asked = [OPENSSL, "smime", "-verify", "-inform", "DER", "-binary", "-purpose", "any"]
    asked += ["-in", "signature", "-content", "manifest", "-CAfile", "authority"]
    return subprocess.run(asked, cwd=folder, capture_output=True, check=False).returncode == 0


class TestApplePass:
    def test_lists_the_checksum_of_every_file(self) -> None:
        files = files_of()

        manifest = json.loads(files.pop("manifest.json"))
        del files["signature"]
        assert set(files) == {"pass.json", "icon.png", "icon@2x.png"}
        assert manifest == {
            name: hashlib.sha1(content).hexdigest() for name, content in files.items()
        }

    @pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
    def test_is_signed_by_the_certificate(self, tmp_path: Path) -> None:
        files = files_of()

        assert is_signed(files["manifest.json"], files["signature"], tmp_path)
        assert not is_signed(files["manifest.json"] + b" ", files["signature"], tmp_path)

    def test_brings_both_certificates_and_not_the_manifest(self) -> None:
        files = files_of()

        found = load_der_pkcs7_certificates(files["signature"])

        texts = {each.public_bytes(Encoding.PEM).decode() for each in found}
        assert texts == {apple_identity().certificate, apple_identity().authority}
        assert files["manifest.json"] not in files["signature"]

    def test_says_what_the_ticket_is(self) -> None:
        described = json.loads(files_of()["pass.json"])

        assert described["passTypeIdentifier"] == PASS_TYPE
        assert described["teamIdentifier"] == TEAM
        assert described["serialNumber"] == "482-1"
        assert described["organizationName"] == "Ilé Orin"
        assert described["relevantDate"] == "2030-06-01T19:00:00+01:00"
        assert not described["voided"]
        assert described["barcodes"] == [
            {
                "format": "PKBarcodeFormatQR",
                "message": CODE,
                "messageEncoding": "iso-8859-1",
                "altText": "7K3M-9QXW-0A1B-ZYXW",
            }
        ]
        values = [field["value"] for group in described["eventTicket"].values() for field in group]
        for value in (YORUBA_TITLE, "Adébáyọ̀ Ọláńrewájú", "Regular", TERMS):
            assert value in values

    def test_is_void_when_the_ticket_opens_no_door(self) -> None:
        described = json.loads(
            files_of(status=TicketStatus.VOID, terms=None, organizer=None)["pass.json"]
        )

        assert described["voided"]

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"certificate": "nonsense"}, "a certificate is not in PEM form"),
            ({"authority": "nonsense"}, "a certificate is not in PEM form"),
            ({"key": "nonsense"}, "the key is not in PEM form"),
            ({"key": pem_of(ec.generate_private_key(ec.SECP256R1()))}, "not the certificate's"),
            (
                {
                    "key": ed25519.Ed25519PrivateKey.generate()
                    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                    .decode()
                },
                "neither RSA nor",
            ),
        ],
    )
    def test_needs_a_key_and_certificates_that_fit(self, wrong: dict[str, str], said: str) -> None:
        with pytest.raises(ValueError, match=said):
            SignedApplePasses(replace(apple_identity(), **wrong))


DAYS: dict[str, Any] = {
    "starts_at": datetime(2030, 5, 31, 23, tzinfo=UTC),
    "ends_at": datetime(2030, 6, 3, 23, tzinfo=UTC),
    "all_day": True,
}


class TestWholeDays:
    def test_have_no_time_at_apple(self) -> None:
        described = json.loads(files_of(**DAYS)["pass.json"])

        when = described["eventTicket"]["secondaryFields"][0]
        assert when == {"key": "when", "label": "When", "value": "1 to 3 Jun 2030"}
        assert described["relevantDate"] == "2030-06-01T00:00:00+01:00"

    def test_have_no_time_at_google(self) -> None:
        payload = TestGoogleLink().claims(language=Language.FRENCH, **DAYS)["payload"]

        (event,), (ticket,) = payload["eventTicketClasses"], payload["eventTicketObjects"]
        assert "dateTime" not in event
        assert ticket["textModulesData"] == [
            {"id": "when", "header": "Quand", "body": "du 1er au 3 juin 2030"}
        ]


class TestGoogleLink:
    def claims(self, **values: Any) -> dict[str, Any]:
        wallet = SignedGoogleWallet(service_account(), issuer=ISSUER)
        link = wallet.save_link(make_print(**values), code=CODE, now=NOW)
        token = link.removeprefix("https://pay.google.com/gp/v/save/")
        key = load_pem_private_key(json.loads(service_account())["private_key"].encode(), None)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        found: dict[str, Any] = jwt.decode(token, public.decode(), "RS256", audience="google")
        with pytest.raises(JWTError):
            jwt.decode(f"{token[:-6]}AAAAAA", public.decode(), "RS256", audience="google")
        return found

    def test_is_signed_by_the_service_account(self) -> None:
        claims = self.claims()

        assert claims["iss"] == "tickets@example.iam.gserviceaccount.com"
        assert claims["typ"] == "savetowallet"
        assert claims["iat"] == int(NOW.timestamp())

    def test_says_what_the_ticket_is(self) -> None:
        payload = self.claims()["payload"]

        (event,), (ticket,) = payload["eventTicketClasses"], payload["eventTicketObjects"]
        assert ticket["classId"] == event["id"] == f"{ISSUER}.event-12"
        assert ticket["id"] == f"{ISSUER}.ticket-482-1"
        assert ticket["state"] == "ACTIVE"
        assert ticket["barcode"] == {
            "type": "QR_CODE",
            "value": CODE,
            "alternateText": "7K3M-9QXW-0A1B-ZYXW",
        }
        assert event["eventName"]["defaultValue"]["value"] == YORUBA_TITLE
        assert event["dateTime"] == {
            "start": "2030-06-01T19:00:00+01:00",
            "end": "2030-06-01T23:30:00+01:00",
        }

    def test_is_inactive_when_the_ticket_opens_no_door(self) -> None:
        payload = self.claims(status=TicketStatus.VOID, ends_at=None, organizer=None)["payload"]

        assert payload["eventTicketObjects"][0]["state"] == "INACTIVE"

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", '{"client_email": "a@b.c"}', '{"client_email": "a", "private_key": "x"}'],
    )
    def test_needs_a_key_file(self, text: str) -> None:
        with pytest.raises(ValueError, match="no key file of a service account"):
            SignedGoogleWallet(text, issuer=ISSUER)
