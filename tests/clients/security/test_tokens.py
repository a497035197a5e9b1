"""Access tokens: what is read, and everything that is not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jose import jwt

from app.clients.machine import RandomIds
from app.clients.security.tokens import JwtAccessTokens
from app.domain.errors import NotLoggedIn
from app.domain.operations.clocks import LEEWAY
from app.domain.ports import AccessClaims

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
LIFETIME = timedelta(minutes=15)
KEY = "the first key of 32 bytes or more"
OTHER_KEY = "another key of 32 bytes or longer"
ADA = AccessClaims(user_id=7, session_id=11)


def make_tokens(*keys: str, issuer: str = "us", audience: str = "api") -> JwtAccessTokens:
    return JwtAccessTokens(
        keys=keys or (KEY,), lifetime=LIFETIME, ids=RandomIds(), issuer=issuer, audience=audience
    )


TOKENS = make_tokens()
ISSUED = TOKENS.issue(ADA, now=NOW)
HEADER = jwt.get_unverified_header(ISSUED)
CLAIMS = jwt.get_unverified_claims(ISSUED)
GONE = object()


def forged(
    *,
    key: str = KEY,
    algorithm: str = "HS256",
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A token signed with the key, whose claims differ from a good one's."""
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not GONE}
    return jwt.encode(claims, key, algorithm=algorithm, headers=HEADER | (header or {}))


class TestIssue:
    def test_says_all_that_rfc_9068_asks_for(self) -> None:
        assert {"alg": "HS256", "typ": "at+jwt", "kid": HEADER["kid"]} == HEADER
        assert {
            "iss": "us",
            "aud": "api",
            "sub": "7",
            "sid": 11,
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + LIFETIME).timestamp()),
            "jti": CLAIMS["jti"],
        } == CLAIMS

    def test_never_makes_the_same_token_twice(self) -> None:
        assert TOKENS.issue(ADA, now=NOW) != ISSUED

    def test_does_not_give_the_key_away(self) -> None:
        assert KEY not in json.dumps([HEADER, CLAIMS])
        assert KEY not in repr(TOKENS)


class TestLifetime:
    def test_is_the_configured_one(self) -> None:
        assert TOKENS.lifetime == LIFETIME


class TestRead:
    def test_ends_with_the_token_however_often_it_was_read(self) -> None:
        assert TOKENS.read(ISSUED, now=NOW) == TOKENS.read(ISSUED, now=NOW) == ADA

        with pytest.raises(NotLoggedIn):
            TOKENS.read(ISSUED, now=NOW + LIFETIME + LEEWAY)
        with pytest.raises(NotLoggedIn):
            TOKENS.read(ISSUED, now=NOW - timedelta(hours=1))

    def test_gives_the_claims_back(self) -> None:
        assert TOKENS.read(ISSUED, now=NOW) == ADA

    def test_takes_the_largest_ids(self) -> None:
        largest = AccessClaims(user_id=2**63 - 1, session_id=2**63 - 1)

        assert TOKENS.read(TOKENS.issue(largest, now=NOW), now=NOW) == largest

    def test_takes_a_copy_that_changes_nothing(self) -> None:
        assert TOKENS.read(forged(), now=NOW) == ADA

    def test_goes_by_the_given_clock(self) -> None:
        last_moment = NOW + LIFETIME + LEEWAY - timedelta(microseconds=1)

        assert TOKENS.read(ISSUED, now=last_moment) == ADA
        refuse(ISSUED, now=NOW + LIFETIME + LEEWAY)

    def test_takes_a_token_of_a_clock_a_little_ahead(self) -> None:
        assert TOKENS.read(ISSUED, now=NOW - timedelta(seconds=60)) == ADA
        refuse(ISSUED, now=NOW - timedelta(seconds=61))

    @pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "iat", "exp", "jti"])
    def test_wants_every_claim(self, claim: str) -> None:
        absent: dict[str, Any] = {claim: GONE}
        empty: dict[str, Any] = {claim: None}

        refuse(forged(**absent))
        refuse(forged(**empty))

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "them"},
            {"iss": ["us"]},
            {"aud": "shop"},
            {"aud": ["api"]},
            {"aud": ["api", "shop"]},
            {"sub": "0"},
            {"sub": "-1"},
            {"sub": "07"},
            {"sub": " 7"},
            {"sub": "7.0"},
            {"sub": "\u0667"},
            {"sub": "1_0"},
            {"sub": "ada"},
            {"sub": str(2**63)},
            {"sub": "9" * 3000},
            {"sid": 0},
            {"sid": -1},
            {"sid": "11"},
            {"sid": True},
            {"sid": 11.0},
            {"sid": 2**63},
            {"exp": str(CLAIMS["exp"])},
            {"exp": CLAIMS["exp"] + 0.5},
            {"exp": True},
            {"exp": 10**30},
            {"exp": -(10**30)},
            {"exp": float("inf")},
            {"exp": float("nan")},
            {"iat": str(CLAIMS["iat"])},
            {"iat": True},
            {"iat": CLAIMS["iat"] + 3600},
            {"jti": 5},
        ],
    )
    def test_refuses_claims_we_never_make(self, changes: dict[str, Any]) -> None:
        refuse(forged(**changes))

    @pytest.mark.parametrize(
        "header",
        [
            {"typ": "JWT"},
            {"typ": "at+JWT"},
            {"typ": "refresh"},
            {"kid": "another"},
            {"kid": ""},
            {"kid": None},
            {"kid": ["a"]},
            {"crit": ["exp"]},
            {"jku": "https://example.com/keys"},
        ],
    )
    def test_refuses_headers_we_never_make(self, header: dict[str, Any]) -> None:
        refuse(forged(header=header))

    @pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
    def test_refuses_other_algorithms(self, algorithm: str) -> None:
        refuse(forged(algorithm=algorithm))

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
    @pytest.mark.parametrize("signed", [True, False])
    def test_refuses_unsigned_tokens(self, algorithm: str, signed: bool) -> None:
        header = encoded(json.dumps(HEADER | {"alg": algorithm}).encode())
        _, claims, signature = ISSUED.split(".")

        refuse(f"{header}.{claims}.{signature if signed else ''}")

    def test_refuses_another_key(self) -> None:
        refuse(forged(key=OTHER_KEY))
        refuse(make_tokens(OTHER_KEY).issue(ADA, now=NOW))

    def test_refuses_every_changed_character(self) -> None:
        for place, letter in enumerate(ISSUED):
            refuse(ISSUED[:place] + ("A" if letter != "A" else "B") + ISSUED[place + 1 :])

    def test_refuses_every_other_spelling_of_the_signature(self) -> None:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

        for letter in alphabet.replace(ISSUED[-1], ""):
            refuse(ISSUED[:-1] + letter)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            "é.é.é",
            "\ud800",
            "\0",
            "null",
            ISSUED + "=",
            ISSUED + "\n",
            " " + ISSUED,
            ISSUED + ".",
            ISSUED.rsplit(".", 1)[0],
            ISSUED.rsplit(".", 1)[0] + ".",
            ISSUED.replace(".", "=.", 1),
            ISSUED + "." + ISSUED,
            "A" * 100_000,
        ],
    )
    def test_refuses_what_is_no_token(self, text: str) -> None:
        refuse(text)

    @pytest.mark.parametrize("inside", [b"[]", b"null", b"1", b"{", b"\xff", b"[" * 3000])
    def test_refuses_parts_that_are_no_objects(self, inside: bytes) -> None:
        header, claims, signature = ISSUED.split(".")

        refuse(f"{encoded(inside)}.{claims}.{signature}")
        refuse(f"{header}.{encoded(inside)}.{signature}")

    def test_does_not_say_why(self) -> None:
        with pytest.raises(NotLoggedIn) as refusal:
            TOKENS.read("a.b.c", now=NOW)

        assert refusal.value.detail == NotLoggedIn().detail
        assert refusal.value.__cause__ is None


class TestKeys:
    def test_can_be_changed_without_logging_anybody_out(self) -> None:
        changed = make_tokens(OTHER_KEY, KEY)

        assert changed.read(ISSUED, now=NOW) == ADA
        refuse(changed.issue(ADA, now=NOW))

    @pytest.mark.parametrize(
        "keys",
        [
            [],
            [""],
            ["x" * 31],
            [KEY, "short"],
            "one text that is long enough but no list",
            ["-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"],
        ],
    )
    def test_must_be_strong(self, keys: list[str]) -> None:
        with pytest.raises(ValueError, match="key"):
            JwtAccessTokens(keys=keys, lifetime=LIFETIME, ids=RandomIds())

    def test_are_measured_in_bytes(self) -> None:
        assert make_tokens("é" * 16).issue(ADA, now=NOW)


def refuse(token: str, *, now: datetime = NOW) -> None:
    """Fail unless the token is refused."""
    with pytest.raises(NotLoggedIn):
        TOKENS.read(token, now=now)


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
