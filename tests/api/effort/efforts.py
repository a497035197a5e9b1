"""What a call costs before it is answered, as far as others can measure it over a network.

Wall time proves nothing here, so what takes the time is compared: statements and transactions of
the database, hashed passwords, mails, and calls to the provider.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.repositories.database import Database
from app.wiring.adapters import Adapters
from tests.steps.statements import sent
from tests.support.fakes import FakeGateway, FakeHasher, FakeMailer


@dataclass
class Effort:
    """What was done; two of the same effort take the same time, but for the rows that are found."""

    statements: list[str] = field(default_factory=list)
    """In their order, with COMMIT and ROLLBACK where a transaction was open."""
    hashed_passwords: int = 0
    mails: int = 0
    calls_to_provider: int = 0

    @property
    def lasting(self) -> "Effort":
        """Without what only reads: what writes, waits for a disk, or goes over a network."""
        lasting = [each for each in self.statements if not each.startswith("SELECT")]
        return Effort(lasting, self.hashed_passwords, self.mails, self.calls_to_provider)


@contextmanager
def effort_of(database: Database, outside: Adapters) -> Iterator[Effort]:
    """The effort of what is done in the block."""
    effort, before = Effort(), _counts(outside)
    with sent(database) as effort.statements:
        yield effort
    done = [after - earlier for after, earlier in zip(_counts(outside), before, strict=True)]
    effort.hashed_passwords, effort.mails, effort.calls_to_provider = done


def _counts(outside: Adapters) -> tuple[int, int, int]:
    hasher, mailer, gateway = outside.hasher, outside.mailer, outside.gateway
    assert isinstance(hasher, FakeHasher)
    assert isinstance(mailer, FakeMailer)
    assert isinstance(gateway, FakeGateway)
    calls = len(gateway.charges) + len(gateway.asked) + len(gateway.refunds)
    return hasher.hashed, len(mailer.sent), calls
