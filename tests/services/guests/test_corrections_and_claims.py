"""An order is corrected while the account with its old address asks for what a guest bought."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import BuyerKeepsAddress
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from tests.steps.checkouts import Shopper
from tests.steps.corrections import RIGHT, Corrector
from tests.support.factories import PASSWORD, Factory
from tests.support.racing import until, writers_waiting

pytestmark = pytest.mark.usefixtures("audited")


class TestRaceWithAClaim:
    def test_of_the_old_address_leaves_the_order_with_one_of_both(
        self,
        services: Services,
        make: Factory,
        check_out: Shopper,
        jazz_organizer: User,
        database: Database,
    ) -> None:
        event = make.event(organizer=jazz_organizer)
        bought = check_out.bought(event.id, quantity=2)
        correct = Corrector(services, jazz_organizer, event)
        ada = make.user(name="ada")  # with the address the order was placed with
        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                work.orders.lock(bought.order.id)
                claim = pool.submit(services.sessions.log_in, name="ada", password=PASSWORD)
                until(lambda: writers_waiting(database) == 1)
                move = pool.submit(correct.address, bought.order.id)
                until(lambda: writers_waiting(database) == 2)
            claim.result()
            refusal = move.exception()

        with database.reading() as work:
            order = work.orders.get(bought.order.id)
            holders = {ticket.user_id for ticket in work.tickets.of_order(order.id)}
            buyer = work.users.get(order.buyer_id)
        assert holders == {buyer.id}
        if refusal is None:
            assert buyer.email == RIGHT
        else:
            assert isinstance(refusal, BuyerKeepsAddress)
            assert buyer.id == ada.id
