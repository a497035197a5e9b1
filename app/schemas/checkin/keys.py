import base64
from typing import Literal, Self

from pydantic import Field

from app.domain.ports import PublicKey
from app.schemas.base import ResponseBody


class KeyOut(ResponseBody):
    """A public key as a JWK (RFC 8037)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    use: Literal["sig"] = "sig"
    alg: Literal["EdDSA"] = "EdDSA"
    kid: str = Field(description="The key's number, as in the codes it signed.")
    x: str = Field(description="The key: 32 bytes in base64url.")

    @classmethod
    def of(cls, key: PublicKey) -> Self:
        x = base64.urlsafe_b64encode(key.content).rstrip(b"=").decode()
        return cls(kid=str(key.key_id), x=x)


class KeySetOut(ResponseBody):
    """A JWK set (RFC 7517)."""

    keys: list[KeyOut]
