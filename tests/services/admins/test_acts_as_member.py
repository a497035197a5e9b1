"""What an admin does that members may do, too, is in the log with its reason; theirs is not."""

from collections.abc import Callable

import pytest

from app.domain.admins.actions import AdminActionKind, AdminSubject
from app.domain.errors import RefundTooLarge
from app.domain.money import Money
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory

WHY = "The support act is ill"
REFUSED = "More than was paid"


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(name="root", role=Role.ADMIN)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def bought(make: Factory, organizer: User) -> Settlement:
    return make.buy(make.user(name="ada"), make.event(organizer=organizer).id, quantity=4)


def _refund_ticket(services: Services, caller: User, bought: Settlement) -> None:
    services.refund_requests.request_refund(
        order_id=bought.order.id, caller=caller, ticket_ids=[bought.tickets[0].id], reason=WHY
    )


def _refund_money(services: Services, caller: User, bought: Settlement) -> None:
    services.money_refunds.refund(
        order_id=bought.order.id, caller=caller, amount=Money(10_000, "NGN"), reason=WHY
    )


def _reissue(services: Services, caller: User, bought: Settlement) -> None:
    services.reissues.reissue(ticket_id=bought.tickets[0].id, organizer=caller, reason=WHY)


def _revoke(services: Services, caller: User, bought: Settlement) -> None:
    services.reissues.revoke(ticket_id=bought.tickets[0].id, organizer=caller, reason=WHY)


@pytest.mark.parametrize(
    ("act", "kind", "subject"),
    [
        (_refund_ticket, AdminActionKind.REFUNDED, AdminSubject.REFUND),
        (_refund_money, AdminActionKind.REFUNDED, AdminSubject.REFUND),
        (_reissue, AdminActionKind.TICKET_REISSUED, AdminSubject.TICKET),
        (_revoke, AdminActionKind.TICKET_REVOKED, AdminSubject.TICKET),
    ],
)
class TestActsOfMembers:
    def test_are_in_the_log_when_an_admin_does_them(
        self,
        services: Services,
        admin: User,
        bought: Settlement,
        act: Callable[[Services, User, Settlement], None],
        kind: AdminActionKind,
        subject: AdminSubject,
    ) -> None:
        act(services, admin, bought)

        (row,) = services.admin_log.page(caller=admin, after=None, limit=9).items
        assert (row.actor, row.action, row.subject) == (admin.actor.name, kind, subject)
        assert (row.account_id, row.reason) == (bought.order.buyer_id, WHY)

    def test_are_not_when_a_member_does(
        self,
        services: Services,
        admin: User,
        organizer: User,
        bought: Settlement,
        act: Callable[[Services, User, Settlement], None],
        kind: AdminActionKind,
        subject: AdminSubject,
    ) -> None:
        act(services, organizer, bought)

        assert services.admin_log.page(caller=admin, after=None, limit=9).items == []


class TestRefundThatIsRefused:
    def test_is_not_in_the_log(self, services: Services, admin: User, bought: Settlement) -> None:
        with pytest.raises(RefundTooLarge):
            services.money_refunds.refund(
                order_id=bought.order.id,
                caller=admin,
                amount=Money(100_000_000, "NGN"),
                reason=REFUSED,
            )

        assert services.admin_log.page(caller=admin, after=None, limit=9).items == []
