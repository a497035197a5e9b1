"""Where answers to mails about an organization's events go."""

import pytest

from app.domain.states import RefundState
from app.http.services import Services
from app.repositories.database import Database
from app.services.organizers.organizations import OrganizationChanges
from tests.steps.desks import POOR
from tests.steps.organizations import Band
from tests.steps.statements import asked
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer

CONTACT, DESK = "hello@band.example", "desk@band.example"


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    return Band(services, make)


def replies(mailer: FakeMailer, address: str) -> list[str | None]:
    return [mail.reply_to for mail in mailer.sent if mail.to == address]


class TestReplyTo:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            (OrganizationChanges(), None),
            (OrganizationChanges(contact_email=CONTACT), CONTACT),
            (OrganizationChanges(contact_email=CONTACT, reply_to=DESK), DESK),
        ],
    )
    def test_is_the_organizations(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        band: Band,
        changes: OrganizationChanges,
        expected: str | None,
    ) -> None:
        services.organizations.edit(member=band.owner, organization_id=band.id, changes=changes)
        ada = make.user()
        event = make.event(organizer=band.owner, organization_id=band.id)

        make.buy(ada, event.id)
        make.work()

        assert replies(mailer, ada.email) == [expected]
        shown = services.events.get(event.id)
        assert (shown.organization_name, shown.organization_contact) == (
            "Band",
            None if expected is None else CONTACT,
        )

    def test_is_read_with_the_name_in_one_query(
        self, services: Services, make: Factory, database: Database, band: Band
    ) -> None:
        event = make.event(organizer=band.owner, organization_id=band.id)
        make.buy(make.user(), event.id)

        with asked(database) as statements:
            make.work()

        found = [each for each in statements if "contact_email" in each]
        assert len(found) == 1, found

    def test_is_the_shops_for_mails_to_the_organizer(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        gateway: FakeGateway,
        band: Band,
    ) -> None:
        services.organizations.edit(
            member=band.owner, organization_id=band.id, changes=OrganizationChanges(reply_to=DESK)
        )
        event = make.event(organizer=band.owner, organization_id=band.id)
        bought = make.buy(make.user(), event.id)

        def refuse() -> None:
            raise POOR

        gateway.before_refund = refuse
        services.refund_requests.request_refund(order_id=bought.order.id, caller=band.owner)
        make.work()

        stuck = services.refund_desk.page(
            caller=band.owner, event_id=None, state=RefundState.FAILED, after=None, limit=5
        )
        assert len(stuck.items) == 1
        assert replies(mailer, band.owner.email) == [None]
