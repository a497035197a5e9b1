import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.admins.attention import AttentionKind
from app.domain.errors import PaymentGatewayUnavailable, RefundRefused, RefundsTooMany
from app.domain.ids import PaymentId
from app.domain.money import Money
from app.domain.ports import RefundStatus
from app.domain.states import RefundState, Role
from app.http.services import Services
from app.models.payments.payments import Refund
from app.repositories.database import Database
from app.services.operations.worker import Job
from app.services.payments.refunds import LEASE, SEND_AGAIN_AFTER
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

HALF = Money(125_000, "NGN")


@pytest.fixture
def payment_id(make: Factory, gateway: FakeGateway) -> PaymentId:
    """A payment that has to go back: half of what was asked for was charged."""
    gateway.pays_at_once = False
    payment = make.pay(make.user(), make.event(price="2500").id).payment
    gateway.pay(payment.reference, HALF)
    make.services.settlement.settle(payment.reference)
    return payment.id


class Refunds:
    """The refunds of one payment, as the database has them."""

    def __init__(self, database: Database, payment_id: PaymentId) -> None:
        self._database = database
        self._payment_id = payment_id

    def only(self) -> Refund:
        with self._database.reading() as work:
            (refund,) = work.refunds.of_payment(self._payment_id)
        return refund


@pytest.fixture
def refunds(database: Database, payment_id: PaymentId) -> Refunds:
    return Refunds(database, payment_id)


@pytest.fixture
def advance(make: Factory) -> Job:
    """What a worker does about refunds."""
    return dict(make.services.work.jobs)["refunds"]


def no_answer() -> None:
    """The provider has got the call, and is not heard of again."""
    raise PaymentGatewayUnavailable


def more_than_are_read() -> None:
    """The provider lists refunds of the payment without end."""
    raise RefundsTooMany("ref", 20_000)


@pytest.mark.smoke
class TestAdvanceDue:
    def test_gives_back_what_was_really_charged(
        self, make: Factory, gateway: FakeGateway, refunds: Refunds
    ) -> None:
        assert refunds.only().state == RefundState.REQUESTED

        make.work()

        assert [report.amount for report in gateway.refunds.values()] == [HALF]
        assert refunds.only().state == RefundState.PENDING

    @pytest.mark.parametrize(
        ("status", "state"),
        [
            (RefundStatus.PROCESSED, RefundState.PROCESSED),
            (RefundStatus.FAILED, RefundState.FAILED),
            (RefundStatus.NEEDS_ATTENTION, RefundState.NEEDS_ATTENTION),
        ],
    )
    def test_follows_it_to_its_end(
        self,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        refunds: Refunds,
        status: RefundStatus,
        state: RefundState,
    ) -> None:
        make.work()
        (refund_id,) = gateway.refunds
        gateway.end_refund(refund_id, RefundStatus.PROCESSING)
        clock.advance(timedelta(minutes=1))
        make.work()
        assert refunds.only().state == RefundState.PENDING

        gateway.end_refund(refund_id, status)
        clock.advance(timedelta(minutes=1))
        make.work()

        ended = refunds.only()
        assert (ended.state, ended.ended_at, ended.ask_at) == (state, clock.now(), None)

    def test_sends_it_once_though_the_answer_was_lost(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock, refunds: Refunds
    ) -> None:
        gateway.go_down()
        gateway.answers_lost = True
        make.work()
        assert refunds.only().provider_id is None
        gateway.come_back()

        clock.advance(timedelta(minutes=1))
        make.work()

        assert len(gateway.refunds) == 1
        assert refunds.only().provider_id in gateway.refunds

    def test_tries_again_while_the_provider_is_down(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock, refunds: Refunds
    ) -> None:
        gateway.go_down()
        for _ in range(5):
            make.work()
            clock.advance(timedelta(hours=1))
        assert refunds.only().state == RefundState.REQUESTED
        assert "cannot be reached" in (refunds.only().last_error or "")

        gateway.come_back()
        make.work()

        assert refunds.only().state == RefundState.PENDING
        assert refunds.only().last_error is None

    def test_gives_up_when_it_is_refused(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock, refunds: Refunds
    ) -> None:
        gateway.failure = RefundRefused("ref", "Balance too low")
        make.work()
        gateway.come_back()
        clock.advance(timedelta(days=1))

        make.work()

        assert refunds.only().state == RefundState.FAILED
        assert "Balance too low" in (refunds.only().last_error or "")
        assert not gateway.refunds

    def test_shows_it_to_a_person_when_it_cannot_be_told_from_the_others(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        refunds: Refunds,
    ) -> None:
        gateway.after_list = more_than_are_read
        make.work()
        clock.advance(timedelta(days=1))
        make.work()

        found = refunds.only()
        assert found.state == RefundState.FAILED
        assert "more than 20,000 refunds" in (found.last_error or "")
        assert not gateway.refunds
        admin = make.user(role=Role.ADMIN)
        (item,) = services.attention.page(caller=admin, after=None, limit=5).items
        assert (item.kind, item.told) == (AttentionKind.REFUND, found.last_error)

        reference = next(iter(gateway.charges))
        body = {"event": "refund.processed", "data": {"transaction_reference": reference}}
        services.webhooks.receive(body=json.dumps(body).encode(), signature="signed")
        make.work()

        (same,) = services.attention.page(caller=admin, after=None, limit=5).items
        assert same == item

    def test_leaves_a_refund_to_the_worker_that_took_it(
        self, make: Factory, database: Database, clock: FakeClock, refunds: Refunds
    ) -> None:
        now = clock.now()
        with database.writing() as work:
            taken = work.refunds.take(now=now, lasts=LEASE)
        make.work()
        assert refunds.only().state == RefundState.REQUESTED

        clock.advance(LEASE)  # that worker died
        make.work()

        assert taken is not None
        assert taken.row_id == refunds.only().id
        assert refunds.only().state == RefundState.PENDING

    def test_is_not_taken_from_its_worker_when_the_provider_has_news(
        self, make: Factory, gateway: FakeGateway, refunds: Refunds, advance: Job
    ) -> None:
        others: list[int] = []

        def news() -> None:
            gateway.before_refund = None
            make.services.webhooks.receive(
                body=b'{"event": "refund.pending", "data": {"transaction_reference": "%s"}}'
                % next(iter(gateway.charges)).encode(),
                signature="signed",
            )
            make.services.webhooks.act_on_due()
            others.append(advance())

        gateway.before_refund = news
        advance()

        assert others == [0]
        assert len(gateway.refunds) == 1
        assert refunds.only().wanted_at is None  # it was looked at once more

    @pytest.mark.parametrize(
        "alter",
        [
            lambda note: note.replace("the amount", "the  amount"),
            lambda note: note.encode("ascii", "replace").decode() + "?",
            lambda note: note[:-1],
            lambda note: "X" + note[1:],
        ],
    )
    def test_is_found_again_though_its_answer_was_lost_and_its_note_altered(
        self,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        refunds: Refunds,
        alter: Callable[[str], str],
    ) -> None:
        gateway.keeps_note = alter
        gateway.go_down()
        gateway.answers_lost = True
        make.work()
        gateway.come_back()

        clock.advance(timedelta(hours=1))
        make.work()

        assert len(gateway.refunds) == 1
        assert refunds.only().provider_id in gateway.refunds

    def test_is_not_sent_again_while_it_may_be_on_its_way(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock, refunds: Refunds
    ) -> None:
        gateway.before_refund = no_answer
        make.work()
        gateway.before_refund = None

        clock.advance(SEND_AGAIN_AFTER - timedelta(seconds=1))
        make.work()
        assert gateway.refunds == {}
        clock.advance(SEND_AGAIN_AFTER)
        make.work()

        assert len(gateway.refunds) == 1
        assert refunds.only().state == RefundState.PENDING
