from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.money import Money
from app.domain.ports import ChargeStatus, RefundStatus
from app.domain.ports.payments import MoneyBack, ProviderLedger
from app.domain.states import Role
from app.http.services import Services
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

Tamper = Callable[[ProviderLedger], ProviderLedger]


def without_charges(books: ProviderLedger) -> ProviderLedger:
    return replace(books, charges=())


def with_a_second_charge(books: ProviderLedger) -> ProviderLedger:
    return replace(books, charges=[*books.charges, books.charges[0]])


def with_an_unknown_charge(books: ProviderLedger) -> ProviderLedger:
    return replace(books, charges=[*books.charges, replace(books.charges[0], reference="TCK-LOST")])


def with_another_amount(books: ProviderLedger) -> ProviderLedger:
    return _charged(books, Money(1, "NGN"))


def with_another_currency(books: ProviderLedger) -> ProviderLedger:
    return _charged(books, Money(500_000, "GHS"))


def with_more_given_back(books: ProviderLedger) -> ProviderLedger:
    (refund,) = books.refunds
    return replace(books, refunds=[replace(refund, amount=Money(250_001, "NGN"))])


def with_a_refund_twice(books: ProviderLedger) -> ProviderLedger:
    return replace(books, refunds=[*books.refunds, *books.refunds])


def with_one_refund_in_two(books: ProviderLedger) -> ProviderLedger:
    """Twice half the amount: the sum is right."""
    (refund,) = books.refunds
    half = replace(refund, amount=Money(refund.amount.minor // 2, refund.amount.currency))
    return replace(books, refunds=[half, half])


def with_an_unknown_refund(books: ProviderLedger) -> ProviderLedger:
    stray = MoneyBack("TCK-LOST", Money(100, "NGN"), RefundStatus.PENDING)
    return replace(books, refunds=[*books.refunds, stray])


def without_refunds(books: ProviderLedger) -> ProviderLedger:
    return replace(books, refunds=())


def _charged(books: ProviderLedger, amount: Money) -> ProviderLedger:
    return replace(books, charges=[replace(report, amount=amount) for report in books.charges])


TAMPERED = [
    ("I4", "did not take", without_charges),
    ("I4", "not recorded here", with_an_unknown_charge),
    ("I5", "several charges", with_a_second_charge),
    ("I5", "another amount", with_another_amount),
    ("I5", "another amount", with_another_currency),
    ("I10", "more than is recorded", with_more_given_back),
    ("I10", "more than is recorded", with_a_refund_twice),
    ("I10", "more than is recorded", with_an_unknown_refund),
    ("I10", "more than once", with_one_refund_in_two),
    ("I10", "has not made", without_refunds),
]


@pytest.fixture
def shop(services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock) -> Services:
    """A shop in which an order of two is paid, and half of the money has gone back."""
    bought = make.buy(make.user(), make.event().id, quantity=2)
    services.refund_requests.request_refund(
        order_id=bought.order.id,
        caller=make.user(role=Role.ADMIN),
        ticket_ids=[bought.tickets[0].id],
        reason="x",
    )
    make.work()
    (refund_id,) = gateway.refunds
    gateway.end_refund(refund_id, RefundStatus.PROCESSED)
    clock.advance(timedelta(hours=6))
    make.work()
    return services


class TestViolations:
    def test_finds_nothing_when_both_agree(self, shop: Services, gateway: FakeGateway) -> None:
        assert shop.audit.violations(provider=gateway.ledger()) == []

    @pytest.mark.parametrize(("rule", "wrong", "tamper"), TAMPERED)
    def test_finds(
        self, shop: Services, gateway: FakeGateway, rule: str, wrong: str, tamper: Tamper
    ) -> None:
        found = [str(v) for v in shop.audit.violations(provider=tamper(gateway.ledger()))]

        assert any(line.startswith(f"{rule}: ") and wrong in line for line in found), found

    def test_finds_money_of_which_nothing_came(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference

        (found,) = services.audit.violations(provider=gateway.ledger())

        assert (found.rule, found.row["reference"]) == ("I4", reference)
        assert "nothing came of it" in found.wrong

    def test_leaves_alone_what_was_never_paid(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference

        assert gateway.charges[reference].report.status == ChargeStatus.OPEN
        assert services.audit.violations(provider=gateway.ledger()) == []
