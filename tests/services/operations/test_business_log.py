"""What operators find in the log about orders, money and mail."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.domain.errors import MailerUnavailable, MailRejected, RefundRefused
from app.domain.money import Money
from app.http.services import Services
from app.repositories.database import Database
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

Line = Mapping[str, Any]


def named(lines: list[Any], event: str) -> list[Line]:
    return [line for line in lines if line["event"] == event]


class TestOrders:
    def test_that_are_paid_are_told_once_with_their_reference(
        self, make: Factory, services: Services
    ) -> None:
        ada, event = make.user(), make.event(price="2500")

        with capture_logs() as lines:
            bought = make.buy(ada, event.id, quantity=2)
            services.settlement.settle(bought.payment.reference)

        (paid,) = named(lines, "order paid")
        (issued,) = named(lines, "tickets issued")
        assert paid == {
            "event": "order paid",
            "log_level": "info",
            "order": bought.order.id,
            "event_id": event.id,
            "buyer": ada.id,
            "reference": bought.payment.reference,
            "amount": 500_000,
            "currency": "NGN",
        }
        assert issued["tickets"] == [ticket.id for ticket in bought.tickets]
        assert issued["reference"] == bought.payment.reference

    def test_that_cost_nothing_are_told_of_their_tickets(self, make: Factory) -> None:
        with capture_logs() as lines:
            order = make.order(make.user(), make.event(price="0").id)

        (issued,) = named(lines, "tickets issued")
        assert issued["order"] == order.id
        assert named(lines, "order paid") == []

    def test_that_are_rolled_back_are_not_told(self, database: Database) -> None:
        told: list[str] = []

        def undone() -> None:
            with database.joined():
                with database.writing() as work:
                    work.after_commit(lambda: told.append("undone"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            undone()
        with database.joined() as outer:
            with database.writing() as work:
                work.after_commit(lambda: told.append("done"))
            assert told == []
            assert work is outer

        assert told == ["done"]


class TestMoney:
    def test_of_no_use_is_told_with_the_reason_until_it_is_back(
        self, make: Factory, gateway: FakeGateway, services: Services
    ) -> None:
        gateway.pays_at_once = False
        payment = make.pay(make.user(), make.event(price="2500").id).payment
        gateway.pay(payment.reference, Money(1, "NGN"))

        with capture_logs() as lines:
            services.settlement.settle(payment.reference)
            make.work()

        (back,) = named(lines, "money goes back")
        (sent,) = named(lines, "refund sent")
        assert back["reference"] == sent["reference"] == payment.reference
        assert back["reason"]
        assert back["refund"] == sent["refund"]

    def test_that_cannot_be_refunded_is_a_warning(
        self, make: Factory, gateway: FakeGateway, services: Services
    ) -> None:
        gateway.pays_at_once = False
        payment = make.pay(make.user(), make.event(price="2500").id).payment
        gateway.pay(payment.reference, Money(1, "NGN"))
        services.settlement.settle(payment.reference)

        gateway.failure = RefundRefused(payment.reference, "no balance")
        with capture_logs() as lines:
            make.work()

        (failed,) = named(lines, "refund failed")
        assert failed["log_level"] == "warning"
        assert "no balance" in failed["reason"]
        assert failed["reference"] == payment.reference


class TestMail:
    @pytest.fixture(autouse=True)
    def _promised(self, make: Factory) -> None:
        make.order(make.user(), make.event(price="0").id)

    def test_that_fails_is_told_once_for_each_reason(
        self, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        with capture_logs() as lines:
            for reason in ("no server", "no server", "greylisted", "greylisted"):
                mailer.failure = MailerUnavailable(reason)
                make.work()
                clock.advance(timedelta(hours=4))
            mailer.failure = None
            make.work()

        assert [line["reason"] for line in named(lines, "mail failed")] == [
            "no server",
            "greylisted",
        ]
        assert {line["log_level"] for line in named(lines, "mail failed")} == {"warning"}
        assert len(named(lines, "mail sent after all")) == 1

    def test_that_is_refused_is_told(self, make: Factory, mailer: FakeMailer) -> None:
        mailer.failure = MailRejected("no such mailbox")

        with capture_logs() as lines:
            make.work()

        (line,) = named(lines, "mail given up")
        assert line["reason"] == "no such mailbox"
