"""A hundred refunds by two workers, while the provider is slow, loses answers and alters notes.

Time passes only at the provider: each call takes seconds there, some longer than a lease lasts, and
during each of them the other worker does what is due, and the provider's webhook comes in.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import text, update

from app.config import Settings
from app.domain.errors import PaymentGatewayUnavailable
from app.domain.money import Money
from app.domain.operations.leases import Lease
from app.domain.ports import RefundReport
from app.domain.states import Role
from app.http.services import Services
from app.models.payments.payments import Refund
from app.repositories.database import Database
from app.repositories.payments.refunds import RefundRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.payments.refunds import LEASE, RefundService
from app.wiring.services import build_services
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.outside import outside_of
from tests.support.racing import ExchangedDatabase

pytestmark = pytest.mark.slow

ORDERS, TICKETS = 25, 4
ORDERS_OF_CONTROL = 5
"""Enough to see what the fences prevent."""
USUAL, LONG = timedelta(seconds=5), LEASE + timedelta(minutes=1)
PRICE: Final = 250_000

ALTERED: Final[tuple[Callable[[str], str], ...]] = (
    str,
    lambda note: " ".join(note.split()),
    lambda note: note.encode("ascii", "replace").decode(),
    str.upper,
    lambda note: note[:30],
    lambda note: note.replace("Refund", "R?fund"),
    lambda note: note.replace(" of ", " 0f "),
)
"""What may become of a note; the last ones leave nothing that names our refund."""


@dataclass
class SlowGateway(FakeGateway):
    """A provider whose calls take time, in which others go on; some answers to refunds get lost."""

    clock: FakeClock = field(default_factory=FakeClock)
    chance: Random = field(default_factory=lambda: Random(20270301))
    meanwhile: Callable[[str], None] | None = None
    is_slow: bool = False

    def list_refunds(self, *, reference: str, transaction_id: str) -> list[RefundReport]:
        listed = super().list_refunds(reference=reference, transaction_id=transaction_id)
        self._takes_its_time(reference)
        return listed

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        is_quick = self.chance.random() < 0.5
        if not is_quick:
            self._takes_its_time(reference)
        self.keeps_note = self.chance.choice(ALTERED)
        report = super().refund(
            reference=reference, transaction_id=transaction_id, amount=amount, note=note
        )
        if is_quick:
            self._takes_its_time(reference)
        if self.is_slow and self.chance.random() < 0.3:
            raise PaymentGatewayUnavailable(reference)
        return report

    def _takes_its_time(self, reference: str) -> None:
        if not self.is_slow:
            return
        self.clock.advance(LONG if self.chance.random() < 0.2 else USUAL)
        if self.meanwhile is not None:
            self.meanwhile(reference)


@dataclass
class Shop:
    """A shop that owes many refunds: each order's four tickets are refunded one by one."""

    database: Database
    gateway: SlowGateway
    services: Services
    is_other_at_work: bool = False

    def refund_by_two(self, refunds: RefundService, *, orders: int) -> None:
        """Owe the refunds of one order after the other, and have two workers make them."""
        make = Factory(self.services)
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer, capacity=orders * TICKETS)
        self.gateway.meanwhile = lambda reference: self._other_works(refunds, reference)
        for _ in range(orders):
            bought = make.buy(make.user(), event.id, quantity=TICKETS)
            for ticket in bought.tickets:
                self.services.refund_requests.request_refund(
                    order_id=bought.order.id,
                    caller=organizer,
                    ticket_ids=[ticket.id],
                    reason="I  cannot come 😀",
                )
            self._make(refunds)

    def _make(self, refunds: RefundService) -> None:
        self.gateway.is_slow = True
        for _ in range(100):
            refunds.advance_due(limit=1)
            self.gateway.clock.advance(timedelta(seconds=30))
            if not self._left():
                break
        self.gateway.is_slow = False
        assert self._left() == 0

    def _other_works(self, refunds: RefundService, reference: str) -> None:
        if self.is_other_at_work:
            return  # both wait for the provider
        self.is_other_at_work = True
        self._news_of(reference)
        self.services.webhooks.act_on_due()
        refunds.advance_due(limit=TICKETS)
        self.is_other_at_work = False

    def _news_of(self, reference: str) -> None:
        about = {"transaction_reference": reference, "at": str(self.gateway.clock.now())}
        body = json.dumps({"event": "refund.pending", "data": about}).encode()
        self.services.webhooks.receive(body=body, signature="signed")

    def _left(self) -> int:
        statement = text("SELECT COUNT(*) FROM refunds WHERE state = 'requested'")
        with self.database.connection() as connection:
            return int(connection.execute(statement).scalar_one())

    def paid_back(self) -> list[int]:
        """Minor units that went back, by payment."""
        paid = Counter[str]()
        for refund_id, report in self.gateway.refunds.items():
            paid[self.gateway.refunded[refund_id]] += report.amount.minor
        return list(paid.values())


class UnfencedRefunds(RefundRepository):
    """Refunds whose leases have no fencing tokens: a worker that lost one goes on."""

    def note_sent(self, lease: Lease, *, now: datetime, lasts: timedelta) -> Lease:
        self._set(lease, sent_at=now)
        return replace(lease, until=now + lasts)

    def store(self, lease: Lease, **values: Any) -> None:
        self._set(lease, leased_until=None, **values)

    def _set(self, lease: Lease, **values: Any) -> None:
        statement = update(Refund).where(Refund.id == lease.row_id).values(values)
        self._db.execute(statement.execution_options(synchronize_session=False))


class SharedRefunds(UnfencedRefunds):
    """Refunds without leases: every worker that finds one due acts on it."""

    def take(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        lease = super().take(now=now, lasts=lasts)
        if lease is not None:
            self._set(lease, leased_until=None, ask_at=now)
        return lease


def with_refunds(database: Database, kind: type[RefundRepository]) -> Database:
    """The database with refunds of this kind."""

    def exchange(work: UnitOfWork) -> None:
        work.refunds = kind(work._transaction)

    return ExchangedDatabase(database, exchange)


@pytest.fixture
def shop(database: Database, clock: FakeClock, settings: Settings) -> Shop:
    gateway = SlowGateway(clock=clock)
    outside = outside_of(database, clock=clock, gateway=gateway, mailer=FakeMailer())
    return Shop(database, gateway, build_services(outside, settings))


def test_are_paid_once_each(shop: Shop) -> None:
    refunds = RefundService(database=shop.database, clock=shop.gateway.clock, gateway=shop.gateway)

    shop.refund_by_two(refunds, orders=ORDERS)

    assert len(shop.gateway.refunds) == ORDERS * TICKETS
    assert shop.paid_back() == [TICKETS * PRICE] * ORDERS
    found = shop.services.audit.violations(provider=shop.gateway.ledger())
    assert [str(violation) for violation in found] == []


@pytest.mark.parametrize("kind", [UnfencedRefunds, SharedRefunds])
def test_are_paid_twice_without_tokens_or_leases(shop: Shop, kind: type[RefundRepository]) -> None:
    """The control: the test above would notice."""
    refunds = RefundService(
        database=with_refunds(shop.database, kind),
        clock=shop.gateway.clock,
        gateway=shop.gateway,
    )

    shop.refund_by_two(refunds, orders=ORDERS_OF_CONTROL)

    assert len(shop.gateway.refunds) > ORDERS_OF_CONTROL * TICKETS
    assert max(shop.paid_back()) > TICKETS * PRICE
    found = shop.services.audit.violations(provider=shop.gateway.ledger())
    assert {violation.rule for violation in found} == {"I10"}
