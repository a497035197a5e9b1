"""Keys to wallets, made here: telephones would refuse them, and everything else is real."""

import datetime
import json
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.clients.wallets.apple_pass import AppleIdentity

ISSUER = "3388000000022"
PASS_TYPE, TEAM = "pass.com.example.tickets", "A1B2C3D4E5"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def pem_of(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def certificate_of(
    name: str, key: PrivateKey, *, by: str, signer: PrivateKey, is_authority: bool = False
) -> str:
    """A certificate of these days, as PEM."""
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]),
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - datetime.timedelta(days=1),
        not_valid_after=now + datetime.timedelta(days=30),
    ).add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    return builder.sign(signer, SHA256()).public_bytes(Encoding.PEM).decode()


@cache
def apple_identity() -> AppleIdentity:
    """A certificate for passes, by an authority that stands in for Apple's."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    return AppleIdentity(
        certificate=certificate_of(PASS_TYPE, key, by="Authority", signer=authority),
        key=pem_of(key),
        authority=certificate_of(
            "Authority", authority, by="Authority", signer=authority, is_authority=True
        ),
        pass_type=PASS_TYPE,
        team=TEAM,
    )


@cache
def service_account() -> str:
    """The JSON key file of an account like Google's."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "tickets@example.iam.gserviceaccount.com",
            "private_key": pem_of(key),
        }
    )
