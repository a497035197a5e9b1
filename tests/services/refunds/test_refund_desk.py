"""Refunds that got stuck: seen, told, retried, closed, matched."""

import pytest
from sqlalchemy import text

from app.domain.errors import OrderNotFound, OrganizationRoleMissing, RefundNotFound, RefundNotStuck
from app.domain.ports import RefundStatus
from app.domain.states import RefundState, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.payments.settlement import Settlement
from tests.steps.desks import Desk
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user()


@pytest.fixture
def bought(make: Factory, organizer: User, ada: User) -> Settlement:
    return make.buy(ada, make.event(organizer=organizer).id, quantity=3)


@pytest.fixture
def desk(
    make: Factory, gateway: FakeGateway, clock: FakeClock, organizer: User, bought: Settlement
) -> Desk:
    return Desk(make, gateway, clock, organizer, bought)


class TestOfOrder:
    def test_is_for_buyer_and_organizer(
        self, services: Services, make: Factory, desk: Desk, ada: User
    ) -> None:
        desk.refund()

        (seen,) = services.refund_desk.of_order(caller=ada, order_id=desk.bought.order.id)

        assert seen.refund.amount.minor == 250_000
        assert seen.ticket_ids == [desk.bought.tickets[0].id]
        detail = services.orders.get(buyer_id=ada.id, order_id=desk.bought.order.id)
        assert [one.refund.id for one in detail.refunds] == [seen.refund.id]
        for stranger in (make.user(), make.user(role=Role.ORGANIZER)):
            with pytest.raises(OrderNotFound):
                services.refund_desk.of_order(caller=stranger, order_id=desk.bought.order.id)


class TestPage:
    def test_finds_what_wants_a_person(
        self, services: Services, make: Factory, desk: Desk, organizer: User
    ) -> None:
        refund_id = desk.refuse()

        def found(caller: User, state: RefundState | None = RefundState.FAILED) -> list[int]:
            page = services.refund_desk.page(
                caller=caller, event_id=None, state=state, after=None, limit=20
            )
            return [listing.refund.id for listing in page.items]

        assert found(organizer) == found(make.user(role=Role.ADMIN)) == [refund_id]
        assert found(organizer, RefundState.PROCESSED) == []
        assert found(make.user(role=Role.ORGANIZER)) == []

    def test_is_not_for_who_organizes_no_more(
        self, services: Services, desk: Desk, organizer: User
    ) -> None:
        desk.refuse()
        demoted = services.users.set_role(name=organizer.username, role=Role.BUYER)

        with pytest.raises(OrganizationRoleMissing):
            services.refund_desk.page(
                caller=demoted, event_id=None, state=None, after=None, limit=20
            )


class TestStuck:
    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (RefundStatus.FAILED, "did not make the refund"),
            (RefundStatus.NEEDS_ATTENTION, "bank details"),
        ],
    )
    def test_is_told_counted_and_found(
        self,
        services: Services,
        mailer: FakeMailer,
        desk: Desk,
        organizer: User,
        status: RefundStatus,
        words: str,
    ) -> None:
        desk.refund()
        assert services.health.readiness().refunds_stuck == 0

        desk.end(status)

        assert services.health.readiness().refunds_stuck == 1
        assert "I4" in {violation.rule for violation in services.audit.violations()}
        (mail,) = mailer.to(organizer.email)
        assert words in mail.text
        assert "NGN 2,500.00" in mail.text

    def test_is_planted_and_found(self, services: Services, desk: Desk, database: Database) -> None:
        desk.refund()
        assert services.audit.violations() == []

        with database.connection() as connection:
            connection.execute(text("UPDATE refunds SET state = 'failed', ask_at = NULL"))
            connection.commit()

        assert "I4" in {violation.rule for violation in services.audit.violations()}

    def test_tells_why_it_was_refused(
        self, mailer: FakeMailer, desk: Desk, organizer: User
    ) -> None:
        desk.refuse()

        assert "Your balance is not enough" in mailer.to(organizer.email)[-1].text


class TestRetry:
    def test_sends_a_failed_one_again_once(
        self, services: Services, gateway: FakeGateway, desk: Desk, organizer: User
    ) -> None:
        refund_id = desk.refuse()

        services.refund_desk.retry(caller=organizer, refund_id=refund_id)
        desk.later()
        assert desk.state() == RefundState.PENDING
        desk.end(RefundStatus.FAILED)
        services.refund_desk.retry(caller=organizer, refund_id=refund_id)
        desk.later()
        desk.end(RefundStatus.PROCESSED)

        assert desk.state() == RefundState.PROCESSED
        assert len(gateway.refunds) == 2
        assert services.audit.violations() == []

    def test_tells_again_when_it_fails_again(
        self, services: Services, mailer: FakeMailer, desk: Desk, organizer: User
    ) -> None:
        refund_id = desk.refund()
        desk.end(RefundStatus.FAILED)

        services.refund_desk.retry(caller=organizer, refund_id=refund_id)
        desk.later()
        desk.end(RefundStatus.FAILED)

        assert len(mailer.to(organizer.email)) == 2

    def test_pays_nothing_twice_that_was_refunded_on_the_dashboard(
        self, services: Services, gateway: FakeGateway, desk: Desk, organizer: User
    ) -> None:
        refund_id = desk.refuse()
        desk.by_hand()

        services.refund_desk.retry(caller=organizer, refund_id=refund_id)
        desk.later()

        assert desk.state() == RefundState.PROCESSED
        assert len(gateway.refunds) == 1

    def test_looks_again_at_one_that_needs_attention(
        self, services: Services, gateway: FakeGateway, desk: Desk, organizer: User
    ) -> None:
        refund_id = desk.refund()
        desk.end(RefundStatus.NEEDS_ATTENTION)
        gateway.end_refund(list(gateway.refunds)[-1], RefundStatus.PROCESSED)

        services.refund_desk.retry(caller=organizer, refund_id=refund_id)
        desk.later()

        assert desk.state() == RefundState.PROCESSED
        assert len(gateway.refunds) == 1

    def test_is_for_stuck_ones_of_ones_own_events(
        self, services: Services, make: Factory, desk: Desk, organizer: User, ada: User
    ) -> None:
        refund_id = desk.refund()

        with pytest.raises(RefundNotStuck):
            services.refund_desk.retry(caller=organizer, refund_id=refund_id)
        for stranger in (ada, make.user(role=Role.ORGANIZER)):
            with pytest.raises(RefundNotFound):
                services.refund_desk.retry(caller=stranger, refund_id=refund_id)


class TestMarkDone:
    def test_closes_it_in_the_books(
        self, services: Services, gateway: FakeGateway, desk: Desk, organizer: User
    ) -> None:
        refund_id = desk.refuse()

        closed = services.refund_desk.mark_done(
            caller=organizer, refund_id=refund_id, note="Bank transfer 123"
        )
        desk.later()

        assert closed.refund.done_note == "Bank transfer 123"
        assert closed.refund.done_by == f"user:{organizer.id}"
        assert desk.state() == RefundState.PROCESSED
        assert not gateway.refunds
        assert services.audit.violations(provider=gateway.ledger()) == []
        with pytest.raises(RefundNotStuck):
            services.refund_desk.mark_done(caller=organizer, refund_id=refund_id, note="again")


class TestMatch:
    def test_follows_a_refund_made_on_the_dashboard(
        self, services: Services, gateway: FakeGateway, desk: Desk
    ) -> None:
        desk.refuse()
        desk.by_hand()

        desk.hear_of_it()

        assert desk.state() == RefundState.PROCESSED
        assert services.audit.violations(provider=gateway.ledger()) == []

    def test_takes_no_refund_of_another_amount(self, gateway: FakeGateway, desk: Desk) -> None:
        desk.refuse()
        desk.by_hand(minor=100_000)

        desk.hear_of_it()

        assert desk.state() == RefundState.FAILED
