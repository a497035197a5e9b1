import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import count, takewhile

import pytest

from app.domain.errors import KeyInUse, KeyReused, PaymentGatewayUnavailable, SoldOut
from app.domain.ids import EventId
from app.domain.operations.idempotency import KeyedCall
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.idempotency import Answer, Progress
from tests.steps.statements import interrupted
from tests.support.factories import RETURNS, Factory
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.racing import LONGEST

pytestmark = pytest.mark.usefixtures("audited")

MINUTE = timedelta(seconds=60)


class ProcessDied(BaseException):
    """What a killed process does not do: anything more."""


def call(caller: str = "user:1", fingerprint: str = "this", key: str = "k-1") -> KeyedCall:
    return KeyedCall(
        caller=caller, operation="POST /payments/pay", key=key, fingerprint=fingerprint
    )


def answering(body: bytes) -> Callable[[Progress], Answer]:
    return lambda _: Answer(201, body)


def dying(_: Progress) -> Answer:
    raise ProcessDied


def refused(_: Progress) -> Answer:
    raise SoldOut(1, 1)


class TestInSteps:
    def test_answers_the_same_again_without_doing_it(self, services: Services) -> None:
        first = services.idempotency.in_several_transactions(call(), answering(b"first"))

        again = services.idempotency.in_several_transactions(call(), dying)

        assert (first.body, first.is_replay) == (b"first", False)
        assert (again.status, again.body, again.is_replay) == (201, b"first", True)

    def test_refuses_another_body_and_knows_callers_apart(self, services: Services) -> None:
        services.idempotency.in_several_transactions(call(), answering(b"first"))

        with pytest.raises(KeyReused):
            services.idempotency.in_several_transactions(call(fingerprint="that"), dying)
        other = services.idempotency.in_several_transactions(
            call(caller="user:2"), answering(b"second")
        )
        assert other.body == b"second"

    @pytest.mark.parametrize("fingerprint", ["this", "that"])
    def test_keeps_no_refusal(self, services: Services, fingerprint: str) -> None:
        with pytest.raises(SoldOut):
            services.idempotency.in_several_transactions(call(), refused)

        answer = services.idempotency.in_several_transactions(
            call(fingerprint=fingerprint), answering(b"now")
        )

        assert (answer.body, answer.is_replay) == (b"now", False)

    def test_refuses_while_the_first_is_at_work(self, services: Services) -> None:
        def ask_again(_: Progress) -> Answer:
            with pytest.raises(KeyInUse):
                services.idempotency.in_several_transactions(call(), dying)
            return Answer(200, b"done")

        assert services.idempotency.in_several_transactions(call(), ask_again).body == b"done"

    def test_is_in_use_or_free_when_the_first_is_refused_at_that_moment(
        self, services: Services, database: Database
    ) -> None:
        make = services.idempotency.in_several_transactions

        def is_refused_behind(statement: int, keyed: KeyedCall) -> bool:
            """Whether the second call had so many statements."""
            begun, may_end = threading.Event(), threading.Event()

            def wait(_: Progress) -> Answer:
                begun.set()
                assert may_end.wait(LONGEST.total_seconds())
                raise SoldOut(1, 1)

            with ThreadPoolExecutor(1) as threads:
                first = threads.submit(make, keyed, wait)
                assert begun.wait(LONGEST.total_seconds())

                def refuse() -> None:
                    may_end.set()
                    first.exception(LONGEST.total_seconds())

                with interrupted(database, after=statement, by=refuse) as cut, suppress(KeyInUse):
                    make(keyed, answering(b"now"))
                may_end.set()
            return cut.happened is not None

        counted = takewhile(lambda n: is_refused_behind(n, call(key=f"k-{n}")), count(1))

        assert len(list(counted)) > 1

    def test_takes_a_dead_owners_call_over_after_a_minute(
        self, services: Services, clock: FakeClock
    ) -> None:
        with pytest.raises(ProcessDied):
            services.idempotency.in_several_transactions(call(), dying)
        clock.advance(MINUTE - timedelta(seconds=1))
        with pytest.raises(KeyInUse):
            services.idempotency.in_several_transactions(call(), dying)

        clock.advance(timedelta(seconds=1))

        assert (
            services.idempotency.in_several_transactions(call(), answering(b"mine")).body == b"mine"
        )

    def test_lets_a_slow_owner_overwrite_nothing(
        self, services: Services, clock: FakeClock
    ) -> None:
        def be_slow(_: Progress) -> Answer:
            clock.advance(MINUTE)
            services.idempotency.in_several_transactions(call(), answering(b"quick"))
            return Answer(201, b"slow")

        services.idempotency.in_several_transactions(call(), be_slow)

        assert services.idempotency.in_several_transactions(call(), dying).body == b"quick"

    def test_is_forgotten_after_a_day(self, services: Services, clock: FakeClock) -> None:
        services.idempotency.in_several_transactions(call(), answering(b"old"))
        clock.advance(timedelta(hours=24))
        services.retention.delete_ended()
        assert services.idempotency.in_several_transactions(call(), dying).body == b"old"

        clock.advance(timedelta(seconds=1))
        services.retention.delete_ended()

        assert (
            services.idempotency.in_several_transactions(call(), answering(b"new")).body == b"new"
        )


@pytest.mark.smoke
class TestInOneStep:
    def test_undoes_the_effect_with_the_key_when_it_fails(
        self, services: Services, make: Factory
    ) -> None:
        ada, event = make.user(), make.event(capacity=1)

        def place_and_die() -> Answer:
            make.order(ada, event.id)
            raise ProcessDied

        def place() -> Answer:
            return Answer(201, str(make.order(ada, event.id).id).encode())

        with pytest.raises(ProcessDied):
            services.idempotency.in_one_transaction(call(), place_and_die)
        assert services.events.get(event.id).places_left == 1

        first = services.idempotency.in_one_transaction(call(), place)
        again = services.idempotency.in_one_transaction(call(), place)

        assert (again.body, again.is_replay) == (first.body, True)
        assert services.events.get(event.id).places_left == 0


@pytest.mark.smoke
class TestPay:
    """Paying, named by its client, when something goes wrong on the way."""

    @pytest.fixture
    def ada(self, make: Factory) -> User:
        return make.user()

    @pytest.fixture
    def event_id(self, make: Factory) -> EventId:
        return make.event(capacity=5).id

    @pytest.mark.parametrize("is_killed", [True, False])
    def test_goes_on_with_the_order_it_had_placed(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        ada: User,
        event_id: EventId,
        is_killed: bool,
    ) -> None:
        gateway.pays_at_once = False

        def pay(progress: Progress) -> Answer:
            settlement = services.payments.pay(
                buyer=ada,
                order_request=make.order_request(event_id),
                returns=RETURNS,
                progress=progress,
            )
            if is_killed and not clock.now() > settlement.order.placed_at:
                raise ProcessDied
            return Answer(201, str(settlement.order.id).encode())

        if not is_killed:
            gateway.go_down()
        with pytest.raises(ProcessDied if is_killed else PaymentGatewayUnavailable):
            services.idempotency.in_several_transactions(call(), pay)
        gateway.come_back()
        clock.advance(MINUTE)

        answer = services.idempotency.in_several_transactions(call(), pay)

        (order,) = services.orders.page(buyer_id=ada.id, after=None, limit=5).items
        assert answer.body == str(order.id).encode()
        assert len(gateway.charges) == 1
        assert services.events.get(event_id).places_left == 4
