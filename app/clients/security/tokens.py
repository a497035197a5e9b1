"""Tokens signed with HMAC-SHA-256: for access, in the form of RFC 9068, and for links in mails."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from jose import jwk, jwt
from jose.backends.base import Key
from jose.exceptions import JOSEError
from jose.utils import base64url_decode, base64url_encode

from app.domain.errors import LinkInvalid, NotLoggedIn
from app.domain.operations.clocks import LEEWAY
from app.domain.ports import AccessClaims, IdGenerator, LinkSubject

_ALGORITHM = "HS256"
_TYPE = "at+jwt"
_SMALLEST_KEY_BYTES = 32
_LONGEST_TOKEN = 4096
_LARGEST_ID = 2**63 - 1
_TOKENS_REMEMBERED = 1024

_LONGEST_LINK_TOKEN = 64
_LINK_MAC_BYTES = 20

_READING = {
    # The library looks at the machine's clock and takes text for a moment; we read both ourselves.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_at_hash": False,
    # An absent claim passes every other check of the library.
    **{f"require_{claim}": True for claim in ("iss", "aud", "sub", "iat", "exp", "jti")},
}


class JwtAccessTokens:
    """Signs and reads access tokens.

    One that begins, or ended, within ``LEEWAY`` is alive: hosts' clocks differ.

    Args:
        keys: secrets of at least 32 bytes. The first signs; the others, which signed before it,
            are only read, so a key can be changed without ending logins.
        lifetime: how long a token lives.
        ids: makes each token's own name.
        issuer: who signs.
        audience: whom the tokens are for.

    Raises:
        ValueError: there is no key, or one is too short or looks like a public key.
    """

    def __init__(
        self,
        *,
        keys: Sequence[str],
        lifetime: timedelta,
        ids: IdGenerator,
        issuer: str = "event-ticketing",
        audience: str = "event-ticketing-api",
    ) -> None:
        if isinstance(keys, str) or not keys:
            raise ValueError("Give the signing keys as a list of at least one.")
        self._keys = {_name_of(key): _checked(key) for key in keys}
        self._signing_kid = _name_of(keys[0])
        self.lifetime = lifetime
        self._ids = ids
        self._issuer = issuer
        self._audience = audience
        # The same token comes with every call of its owner. Those refused are not remembered.
        self._verified_before = lru_cache(_TOKENS_REMEMBERED)(self._verified)

    def issue(self, claims: AccessClaims, *, now: datetime) -> str:
        """A signed token that ends after the configured life."""
        issued_at = int(now.timestamp())
        return jwt.encode(
            {
                "iss": self._issuer,
                "aud": self._audience,
                "sub": str(claims.user_id),
                "sid": claims.session_id,
                "iat": issued_at,
                "exp": issued_at + int(self.lifetime.total_seconds()),
                "jti": self._ids.token(),
            },
            self._keys[self._signing_kid],
            algorithm=_ALGORITHM,
            headers=_header(self._signing_kid),
        )

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """The claims of a token that is whole, ours and alive.

        Raises:
            NotLoggedIn: anything at all is wrong with it.
        """
        try:
            claims, issued_at, ends_at = self._verified_before(token)
        except Exception:
            # The library raises more than its own errors (AttributeError, UnicodeError, …), and
            # why a token was refused is not told.
            raise NotLoggedIn from None
        _ensure(issued_at <= now + LEEWAY and now < ends_at + LEEWAY)
        return claims

    def _verified(self, token: str) -> tuple[AccessClaims, datetime, datetime]:
        """What a token of ours says, and from when and until when; raises anything otherwise."""
        _ensure_canonical(token)
        header = jwt.get_unverified_header(token)
        kid = header["kid"]
        # Equal as a whole: no other type, and nothing such as `crit` or `jku` beside it.
        _ensure(header == {"alg": _ALGORITHM, **_header(kid)})
        claims = jwt.decode(
            token,
            self._keys[kid],
            algorithms=[_ALGORITHM],
            issuer=self._issuer,
            audience=self._audience,
            options=_READING,
        )
        # The library also takes a list that has our name in it.
        _ensure(claims["aud"] == self._audience and claims["iss"] == self._issuer)
        known = AccessClaims(user_id=_id_in_text(claims["sub"]), session_id=_id(claims["sid"]))
        return known, _moment(claims["iat"]), _moment(claims["exp"])


class HmacLinkTokens:
    """Makes ``NUMBER.MAC``, so that no secret needs to be stored for a mail yet to be sent.

    What a link allows, and until when, is up to the row it names.

    Args:
        secret: at least 32 characters; with another one, all links end.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"links in mails:" + secret.encode()).digest()

    def issue(self, subject: LinkSubject) -> str:
        """The token for a row; the same each time. 160 bits of it cannot be guessed."""
        made_at = subject.made_at.astimezone(UTC).isoformat(timespec="microseconds")
        named = f"{subject.kind}:{subject.row_id}:{made_at}"
        mac = hmac.digest(self._key, named.encode(), "sha256")[:_LINK_MAC_BYTES]
        return f"{subject.row_id}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def row_id_in(self, token: str) -> int:
        """The number of the row a token claims to be about, for ``ensure`` to check.

        Raises:
            LinkInvalid: it is no token.
        """
        number, _, _ = token.partition(".")
        if len(token) > _LONGEST_LINK_TOKEN or not (number.isascii() and number.isdigit()):
            raise LinkInvalid
        if int(number) > _LARGEST_ID:
            raise LinkInvalid
        return int(number)

    def ensure(self, token: str, subject: LinkSubject) -> None:
        """Refuse a token that was not made for this row.

        Raises:
            LinkInvalid: it is not one of ours, or for another row, or of another kind.
        """
        expected = self.issue(subject)
        if not hmac.compare_digest(expected.encode(), token.encode(errors="replace")):
            raise LinkInvalid


def _name_of(key: str) -> str:
    return hashlib.sha256(b"kid:" + key.encode()).hexdigest()[:16]


def _checked(key: str) -> Key:
    if len(key.encode()) < _SMALLEST_KEY_BYTES:
        raise ValueError(f"A signing key has at least {_SMALLEST_KEY_BYTES} bytes.")
    try:
        return jwk.construct(key, _ALGORITHM)
    except JOSEError:
        raise ValueError("A signing key must not be a public key or a certificate.") from None


def _header(kid: str) -> dict[str, str]:
    return {"typ": _TYPE, "kid": kid}


def _ensure(holds: bool) -> None:
    if not holds:
        raise NotLoggedIn


def _ensure_canonical(token: str) -> None:
    """Only the spelling we write is ours.

    The last character of a part has unused bits, and padding may follow it, so one
    signature could be written in several ways.
    """
    _ensure(len(token) <= _LONGEST_TOKEN)
    for part in token.encode("ascii").split(b"."):
        _ensure(base64url_encode(base64url_decode(part)) == part)


def _moment(seconds: int) -> datetime:
    _ensure(type(seconds) is int)
    return datetime.fromtimestamp(seconds, UTC)


def _id_in_text(text: str) -> int:
    number = _id(int(text))
    _ensure(str(number) == text)
    return number


def _id(number: int) -> int:
    _ensure(type(number) is int and 0 < number <= _LARGEST_ID)
    return number
