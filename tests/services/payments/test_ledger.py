from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain.ids import EventId
from app.domain.money import Money
from app.domain.payments.ledger import Account
from app.domain.ports import RefundStatus
from app.domain.states import DiscountKind, Role
from app.http.services import Services
from app.models.payments.ledger import LedgerEntry
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")

Balances = Callable[[EventId], dict[str, int]]


@pytest.fixture
def balances(database: Database) -> Balances:
    def of(event_id: EventId) -> dict[str, int]:
        """What lies on each account, without the empty ones; all of it sums to nothing."""
        total = func.sum(LedgerEntry.amount_minor)
        with database.connection() as connection:
            rows = connection.execute(
                select(LedgerEntry.account, total)
                .where(LedgerEntry.event_id == event_id)
                .group_by(LedgerEntry.account)
            ).all()
        found = {str(account): int(minor) for account, minor in rows}
        assert sum(found.values()) == 0
        return {account: minor for account, minor in found.items() if minor}

    return of


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


def discount(services: Services, organizer: User, event_id: EventId, percent: int) -> None:
    services.promo_codes.create(
        event_id=event_id,
        organizer=organizer,
        new=NewPromoCode(code="LESS", kind=DiscountKind.PERCENT, value=Decimal(percent)),
    )


class TestSale:
    def test_books_price_discount_and_fee(
        self, services: Services, make: Factory, organizer: User, balances: Balances
    ) -> None:
        event, ada = make.event(organizer=organizer, price="2500"), make.user()
        discount(services, organizer, event.id, 20)
        order = make.order(ada, event.id, quantity=2, promo_code="LESS")

        services.settlement.settle(make.pay_order(ada, order).payment.reference)

        assert balances(event.id) == {
            Account.PAYSTACK: 390_000,
            Account.FEES: 10_000,
            Account.DISCOUNTS: 100_000,
            Account.SALES: -500_000,
        }

    def test_books_what_came_beyond_the_price(
        self, services: Services, make: Factory, gateway: FakeGateway, balances: Balances
    ) -> None:
        gateway.pays_at_once = False
        event = make.event(price="2500")
        reference = make.pay(make.user(), event.id).payment.reference
        gateway.pay(reference, Money(260_000, "NGN"))

        services.settlement.settle(reference)

        assert balances(event.id) == {
            Account.PAYSTACK: 250_000,
            Account.FEES: 10_000,
            Account.SALES: -250_000,
            Account.SURPLUS: -10_000,
        }

    def test_books_what_was_given_away(
        self, services: Services, make: Factory, organizer: User, balances: Balances
    ) -> None:
        event = make.event(organizer=organizer, price="2500")
        discount(services, organizer, event.id, 100)

        make.order(make.user(), event.id, promo_code="LESS")

        assert balances(event.id) == {Account.DISCOUNTS: 250_000, Account.SALES: -250_000}


class TestRefund:
    def test_is_due_first_and_leaves_paystack_when_done(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        organizer: User,
        balances: Balances,
    ) -> None:
        event = make.event(organizer=organizer, price="2500")
        bought = make.buy(make.user(), event.id, quantity=2)

        services.refund_requests.request_refund(
            order_id=bought.order.id,
            caller=organizer,
            ticket_ids=[bought.tickets[0].id],
            reason="x",
        )
        make.work()

        assert balances(event.id) == {
            Account.PAYSTACK: 490_000,
            Account.FEES: 10_000,
            Account.SALES: -500_000,
            Account.REFUNDS: 250_000,
            Account.REFUNDS_DUE: -250_000,
        }
        (refund_id,) = gateway.refunds
        gateway.end_refund(refund_id, RefundStatus.PROCESSED)
        clock.advance(timedelta(hours=1))
        make.work()
        after = balances(event.id)
        assert Account.REFUNDS_DUE not in after
        assert after[Account.PAYSTACK] == 240_000

    def test_of_money_that_bought_nothing_passes_by_the_sales(
        self, services: Services, make: Factory, gateway: FakeGateway, balances: Balances
    ) -> None:
        gateway.pays_at_once = False
        event = make.event(price="2500")
        reference = make.pay(make.user(), event.id).payment.reference
        gateway.pay(reference, Money(100_000, "NGN"))

        services.settlement.settle(reference)

        assert balances(event.id) == {
            Account.PAYSTACK: 90_000,
            Account.FEES: 10_000,
            Account.REFUNDS_DUE: -100_000,
        }
