import base64

import httpx

from app.wiring.adapters import Adapters


class TestShowKeys:
    def test_gives_what_signatures_are_checked_with(
        self, api: httpx.Client, outside: Adapters
    ) -> None:
        answer = api.get("/.well-known/jwks.json")

        (public,) = outside.signer.public_keys()
        x = base64.urlsafe_b64encode(public.content).decode().rstrip("=")
        assert answer.json() == {
            "keys": [
                {
                    **{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA"},
                    **{"kid": "1", "x": x},
                }
            ]
        }
        assert answer.headers["cache-control"] == "public, max-age=300"
