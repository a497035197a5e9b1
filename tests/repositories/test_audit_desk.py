"""What the auditor finds about orders of the organizer's desk."""

import pytest
from sqlalchemy import text

from app.domain.states import OrderKind
from app.http.services import Services
from app.repositories.database import Database
from tests.steps.selling import BoxOffice
from tests.support.factories import Factory

COMP = OrderKind.COMPLIMENTARY


@pytest.fixture
def box_office(services: Services, make: Factory) -> BoxOffice:
    organizer = make.user()
    return BoxOffice(services, organizer, make.event(organizer=organizer).id)


PLANTED = [
    ("I4", "other cash", "UPDATE ledger_entries SET account = 'paystack' WHERE account = 'cash'"),
    ("I4", "other cash", "UPDATE orders SET kind = 'online' WHERE kind = 'cash'"),
    ("I4", "at the provider", "UPDATE payments SET transaction_id = '77'"),
    ("I4", "at the provider", "UPDATE refunds SET state = 'requested'"),
    ("I4", "at the provider", "UPDATE refunds SET provider_id = '77'"),
    ("I4", "at the provider", "UPDATE refunds SET state = 'processed'"),
    ("I10", "costs something", "UPDATE orders SET discount_minor = 5 WHERE kind <> 'cash'"),
    ("I10", "costs something", "UPDATE orders SET status = 'expired' WHERE kind <> 'cash'"),
]


class TestAudit:
    @pytest.mark.parametrize(("rule", "wrong", "statement"), PLANTED)
    def test_finds(
        self,
        services: Services,
        box_office: BoxOffice,
        database: Database,
        rule: str,
        wrong: str,
        statement: str,
    ) -> None:
        box_office.sell(COMP)
        sold = box_office.sell()
        services.refund_requests.request_refund(order_id=sold.order.id, caller=box_office.seller)
        before = services.audit.violations()
        with database.engine.connect() as connection:
            assert connection.execute(text(statement)).rowcount > 0
            connection.commit()

        found = [str(violation) for violation in services.audit.violations()]

        assert before == []
        assert any(line.startswith(f"{rule}: ") and wrong in line for line in found), found
