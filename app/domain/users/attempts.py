"""How often what could be guessed, or asked for to annoy others, may be tried."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

LONGEST_WINDOW: Final = timedelta(days=1)
"""Counts are kept no longer than twice this."""

NETWORK_SHARE: Final = 4
"""How many times as much a network may try as one of its addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimit:
    """Some attempts are free. After them comes a pause, which doubles with every further one.

    A pause instead of a stop: strangers who use up the attempts of an account or of a network delay
    its people, and do not shut them out.
    """

    free: int
    """Attempts without a pause within the window."""
    window: timedelta
    """How long after the first attempt the count starts again; at most a day."""
    first_pause: timedelta | None = None
    """``None``: the pause lasts until the window is over."""
    longest_pause: timedelta = timedelta(minutes=5)

    def __post_init__(self) -> None:
        if not timedelta(0) < self.window <= LONGEST_WINDOW:
            raise ValueError("The window must be longer than nothing and at most a day.")

    def paused_until(
        self, attempts: int, *, started_at: datetime, now: datetime
    ) -> datetime | None:
        """When the next attempt may be made after so many since ``started_at``; ``None``: now."""
        if attempts < self.free:
            return None
        if self.first_pause is None:
            return started_at + self.window
        doublings = min(attempts - self.free, 30)
        return now + min(self.first_pause * (1 << doublings), self.longest_pause)


@dataclass(frozen=True, slots=True)
class AttemptCounter:
    """What attempts are counted under, and how many there may be."""

    key: str
    """See ``counter_key``."""
    limit: AttemptLimit
    cleared_by_success: bool = False
    """A right guess forgets all wrong ones before it; otherwise it takes only itself back."""


def counter_key(*parts: str | int) -> str:
    """A key of 64 characters from what is counted, such as ``("login", "user", 7)``.

    Hashed, so that addresses and names that belong to no account need not be kept.
    """
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ClientAddress:
    """The address and the network a request comes from.

    A client with one address of a network can have the others: a network is an IPv4 /24 or an IPv6
    /48. An IPv6 address is taken as its /64, which one host has for itself.
    """

    address: str
    network: str

    @property
    def is_known(self) -> bool:
        return self != UNKNOWN_CLIENT

    @classmethod
    def of(cls, text: str) -> "ClientAddress":
        """The client at this IP address; of any other text ``UNKNOWN_CLIENT``."""
        try:
            address = ip_address(text)
        except ValueError:
            return UNKNOWN_CLIENT
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if isinstance(address, IPv4Address):
            return cls(str(address), str(IPv4Network((address, 24), strict=False)))
        bits = int(address)
        host, network = IPv6Network((bits, 64), strict=False), IPv6Network((bits, 48), strict=False)
        return cls(str(host), str(network))

    def counters(self, purpose: str, limit: AttemptLimit) -> tuple[AttemptCounter, ...]:
        """Counters of the address, with this limit, and of its network, with four times as many.

        An unknown client has none: all of them together would be one that strangers use up.
        """
        if not self.is_known:
            return ()
        of_network = replace(limit, free=limit.free * NETWORK_SHARE)
        return (
            AttemptCounter(counter_key(purpose, "address", self.address), limit),
            AttemptCounter(counter_key(purpose, "network", self.network), of_network),
        )


UNKNOWN_CLIENT: Final = ClientAddress("", "")
"""A client whose address is not known."""
