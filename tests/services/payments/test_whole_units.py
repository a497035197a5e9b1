"""Money without coins: XOF is counted in hundredths like all others, and paid in whole francs."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.domain.errors import EventValueInvalid, PriceNotPayable
from app.domain.events.changes import EventChanges, PromoCodeChanges, TicketTypeChanges
from app.domain.ids import TicketTypeId
from app.domain.money import MAXIMUM_CHARGE_MINOR, MINIMUM_CHARGE_MINOR, Money, smallest_coin
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import DiscountKind, OrderStatus, Role
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


def discount(kind: DiscountKind, value: str) -> NewPromoCode:
    return NewPromoCode(code="LESS", kind=kind, value=Decimal(value))


def fields(refusal: PriceNotPayable | EventValueInvalid) -> list[str]:
    errors = refusal.facts["errors"]
    assert isinstance(errors, list)
    return [error["pointer"] for error in errors]


@pytest.mark.usefixtures("audited")
class TestPrices:
    def test_of_new_events_are_whole(self, make: Factory) -> None:
        with pytest.raises(PriceNotPayable, match="multiple of XOF 1") as refused:
            make.event(price="1500.5", currency="XOF")

        assert fields(refused.value) == ["/ticket_price"]
        assert make.event(price="1500", currency="XOF").price_minor == 150_000
        assert make.event(price="1500.5").price_minor == 150_050

    def test_of_types_are_whole_and_the_refusal_says_of_which(self, make: Factory) -> None:
        types = [NewTicketType(name=name, price=Decimal(name)) for name in ("10", "10.5")]

        with pytest.raises(PriceNotPayable) as refused:
            make.event(ticket_types=types, currency="XOF")

        assert fields(refused.value) == ["/ticket_types/1/ticket_price"]

    def test_of_changes_are_whole(self, services: Services, make: Factory, organizer: User) -> None:
        event = make.event(organizer=organizer, price="1500", currency="XOF")
        type_id = event.ticket_types[0].id
        new = NewTicketType(name="VIP", price=Decimal("0.5"))

        with pytest.raises(PriceNotPayable):
            services.ticket_types.add(event_id=event.id, organizer=organizer, new=new)
        with pytest.raises(PriceNotPayable):
            services.ticket_types.edit(
                event_id=event.id,
                ticket_type_id=type_id,
                organizer=organizer,
                changes=TicketTypeChanges(price=Decimal("99.99")),
            )
        with pytest.raises(PriceNotPayable):
            services.events.edit(
                event_id=event.id,
                organizer=organizer,
                changes=EventChanges(price=Decimal("99.99")),
            )

    def test_are_whole_when_the_currency_changes(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, price="1500.50")

        def change(**values: Any) -> None:
            services.events.edit(
                event_id=event.id, organizer=organizer, changes=EventChanges(**values)
            )

        with pytest.raises(PriceNotPayable) as refused:
            change(currency="XOF")
        change(currency="XOF", price=Decimal(1_500))

        assert fields(refused.value) == ["/currency"]
        shown = services.events.get(event.id)
        assert (shown.currency, shown.price_minor) == ("XOF", 150_000)


@pytest.mark.usefixtures("audited")
class TestPromoCodes:
    def test_take_off_whole_units(self, services: Services, make: Factory, organizer: User) -> None:
        event_id = make.event(organizer=organizer, price="1500", currency="XOF").id
        codes = services.promo_codes

        with pytest.raises(EventValueInvalid) as refused:
            codes.create(
                event_id=event_id,
                organizer=organizer,
                new=discount(DiscountKind.FIXED, "10.25"),
            )
        code = codes.create(
            event_id=event_id, organizer=organizer, new=discount(DiscountKind.FIXED, "10")
        )
        with pytest.raises(EventValueInvalid):
            codes.edit(
                event_id=event_id,
                promo_code_id=code.id,
                organizer=organizer,
                changes=PromoCodeChanges(value=Decimal("10.5")),
            )

        assert fields(refused.value) == ["/value"]
        assert make.order(make.user(), event_id, promo_code="LESS").total_minor == 149_000


@pytest.mark.usefixtures("audited")
class TestDiscounts:
    @pytest.mark.parametrize(
        ("price", "percentage", "left"),
        [("333", "33", 22_300), ("1000", "99", 1_000), ("333", "100", 0), ("1", "50", 0)],
    )
    def test_leave_whole_units_rounded_down(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        price: str,
        percentage: str,
        left: int,
    ) -> None:
        event = make.event(organizer=organizer, price=price, currency="XOF")
        services.promo_codes.create(
            event_id=event.id,
            organizer=organizer,
            new=discount(DiscountKind.PERCENT, percentage),
        )

        order = make.order(make.user(), event.id, quantity=2, promo_code="LESS")

        assert (order.total_minor, order.discount_minor) == (
            2 * left,
            2 * (int(price) * 100 - left),
        )
        assert order.status == (OrderStatus.PENDING if left else OrderStatus.PAID)


class TestOff:
    @given(
        kind=st.sampled_from(DiscountKind),
        value=st.integers(1, 100),
        units=st.integers(0, MAXIMUM_CHARGE_MINOR // 100),
        coins=st.integers(0, 99),
        currency=st.sampled_from(sorted(MINIMUM_CHARGE_MINOR)),
    )
    def test_are_in_the_buyers_favour_by_less_than_a_coin(
        self, kind: DiscountKind, value: int, units: int, coins: int, currency: str
    ) -> None:
        coin = smallest_coin(currency)
        price = Money(100 * units + coins, currency).in_whole_coins
        code = PromoCode(kind=kind, value=value, ticket_type_ids=[])

        off = code.off(price, TicketTypeId(1))

        exact = value if kind == DiscountKind.FIXED else price.minor * value / Decimal(100)
        assert min(exact, price.minor) <= off < exact + coin
        assert 0 <= off <= price.minor
        assert off % coin == 0


@pytest.mark.usefixtures("audited")
class TestRefunds:
    def test_of_single_tickets_are_whole_and_add_up(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        types = [
            NewTicketType(name="Regular", price=Decimal(333)),
            NewTicketType(name="VIP", price=Decimal(1_001)),
        ]
        event = make.event(organizer=organizer, ticket_types=types, currency="XOF")
        services.promo_codes.create(
            event_id=event.id, organizer=organizer, new=discount(DiscountKind.PERCENT, "33")
        )
        ada = make.user()
        order_request = OrderRequest(
            event_id=event.id,
            items=[RequestedItem(ticket_type_id=t.id, quantity=2) for t in event.ticket_types],
            promo_code="LESS",
        )
        order = services.orders.place(buyer=ada, order_request=order_request).order
        paid = services.settlement.settle(make.pay_order(ada, order).payment.reference)

        refunds = [
            services.refund_requests.request_refund(
                order_id=order.id, caller=organizer, ticket_ids=[ticket.id]
            )
            for ticket in paid.tickets
        ]

        assert [refund.amount_minor for refund in refunds] == [22_300, 22_300, 67_000, 67_000]
        assert sum(refund.amount_minor for refund in refunds) == order.total_minor
        make.work()


@pytest.mark.usefixtures("audited")
class TestShown:
    def test_without_decimals_in_mails(self, make: Factory, mailer: FakeMailer) -> None:
        ada = make.user()
        make.buy(ada, make.event(price="12500", currency="XOF").id)
        make.work()

        (mail,) = mailer.to(ada.email)
        assert "XOF 12,500" in mail.text
        assert "12,500.00" not in mail.text


class TestAudit:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ticket_types SET price_minor = 33350",
            "UPDATE promo_codes SET value = 1025",
            "UPDATE order_items SET unit_price_minor = 33350",
        ],
    )
    def test_finds_what_cannot_be_paid(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        database: Database,
        statement: str,
    ) -> None:
        event = make.event(organizer=organizer, price="333", currency="XOF")
        services.promo_codes.create(
            event_id=event.id, organizer=organizer, new=discount(DiscountKind.FIXED, "10")
        )
        make.order(make.user(), event.id)
        assert services.audit.violations() == []

        with database.engine.begin() as connection:
            connection.execute(text(statement))

        wrong = [violation.wrong for violation in services.audit.violations()]
        assert "an amount is finer than what can be paid in its currency" in wrong
