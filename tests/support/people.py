"""People who exist and are logged in without having asked the shop: many, at once.

Registering over HTTP hashes a password each, which takes longer than most tests may.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.clients.machine import RandomIds
from app.clients.security.tokens import JwtAccessTokens
from app.domain.ports import AccessClaims
from app.domain.states import Role
from app.domain.text import address_key, name_key
from app.models.users.users import User
from app.repositories.database import Database

Headers = dict[str, str]


def make_people(
    database: Database, secret_key: str, addresses: Sequence[str], *, role: Role = Role.BUYER
) -> list[Headers]:
    """One account for each address; gives the headers each of them calls with.

    Args:
        database: the shop's.
        secret_key: what the shop signs access tokens with.
        addresses: e-mail addresses; what stands before the @ is also their user name.
        role: what they may do.
    """
    tokens = JwtAccessTokens(keys=[secret_key], lifetime=timedelta(hours=1), ids=RandomIds())
    now = datetime.now(UTC)
    headers = []
    with database.writing() as work:
        for address in addresses:
            name = address.partition("@")[0]
            user = User(
                email=address,
                email_key=address_key(address),
                username=name,
                username_key=name_key(name),
                password_hash="nobody logs in with it",
                full_name=None,
                role=role,
                created_at=now,
            )
            work.users.register(user)
            claims = AccessClaims(user_id=user.id, session_id=work.sessions.start(user.id, now=now))
            headers.append({"Authorization": f"Bearer {tokens.issue(claims, now=now)}"})
    return headers
