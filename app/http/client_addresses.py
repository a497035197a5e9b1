"""Which client a request comes from, as far as that can be believed."""

from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import Scope

from app.domain.users.attempts import ClientAddress

MOST_HOPS_READ = 20
"""More addresses in ``X-Forwarded-For`` than any chain of proxies adds."""


def client_address_of(scope: Scope, trusted_proxies: int | None) -> ClientAddress:
    """The client's address: of the connection, or what the outermost trusted proxy saw.

    Each proxy adds the address it was called from at the end of ``X-Forwarded-For``; whatever
    stands before what ours have added was made up by the client.

    Args:
        scope: the request.
        trusted_proxies: how many proxies add to the header; ``None``: not told. Then a proxy in a
            private network makes the client unknown, lest all clients count as one.
    """
    forwarded = _forwarded(scope)
    connection = scope.get("client")
    address = str(connection[0]) if connection else ""
    if trusted_proxies is None:
        return ClientAddress.of("" if forwarded and _is_private(address) else address)
    if trusted_proxies and forwarded:
        address = forwarded[-min(trusted_proxies, len(forwarded))]
    return ClientAddress.of(address)


async def _client_address(request: Request) -> ClientAddress:
    return client_address_of(request.scope, request.app.state.trusted_proxies)


Client = Annotated[ClientAddress, Depends(_client_address)]


def _forwarded(scope: Scope) -> list[str]:
    """The last addresses of ``X-Forwarded-For``, without ports."""
    text = ",".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"
    )
    return [_without_port(each.strip()) for each in text.rsplit(",", MOST_HOPS_READ) if each]


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _is_private(text: str) -> bool:
    try:
        return not ip_address(text).is_global
    except ValueError:
        return True
