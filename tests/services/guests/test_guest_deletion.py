"""A guest who asks those who run the shop to be forgotten."""

from app.domain.states import Role, WaitingState
from app.domain.users.attempts import UNKNOWN_CLIENT
from app.http.services import Services
from app.repositories.database import Database
from tests.services.users.test_account_deletion import LATER, everything
from tests.steps.checkouts import ADA, Shopper
from tests.support.factories import Factory
from tests.support.fakes import FakeClock


class TestDelete:
    def test_leaves_the_books_and_no_name(
        self,
        check_out: Shopper,
        services: Services,
        make: Factory,
        database: Database,
        clock: FakeClock,
    ) -> None:
        event = make.event(capacity=1)
        bought = check_out.bought(event.id)
        services.guest_waits.ask(
            guest=ADA,
            event_id=event.id,
            ticket_type_id=event.ticket_types[0].id,
            quantity=1,
            client=UNKNOWN_CLIENT,
        )
        make.work()
        clock.advance(LATER)

        services.account_deletion.delete(
            actor=make.user(role=Role.ADMIN).actor, user_id=bought.order.buyer_id
        )

        left = everything(database)
        for name in (ADA.name, ADA.email):
            assert name not in left
        kept = services.users.own_data(user_id=bought.order.buyer_id)
        assert [order.id for order in kept.orders] == [bought.order.id]
        assert [wait.state for wait in kept.waits] == [WaitingState.LEFT]
