"""Invitations: a mail with a link that joins or declines, once."""

import pytest

from app.domain.errors import (
    AccountDisabled,
    InvitationNotFound,
    InvitationOpen,
    LinkInvalid,
    MemberAlready,
    OrganizationNotShared,
    TooManyMails,
)
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.services.organizers.invitations import INVITATION_LASTS, INVITATIONS_A_DAY
from tests.steps.organizations import Band, token_of
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")

OWNER, MANAGER = OrganizationRole.OWNER, OrganizationRole.MANAGER


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    """An organization with one owner."""
    return Band(services, make)


class TestInvite:
    def test_sends_a_link_that_joins_once(
        self, services: Services, band: Band, make: Factory, mailer: FakeMailer
    ) -> None:
        bola = make.user(name="bola")
        band.invite(bola.email, MANAGER)
        make.work()
        token = token_of(mailer, bola.email)

        joined = services.invitations.accept(token=token)

        assert (joined.user.id, joined.membership.role) == (bola.id, MANAGER)
        event = make.event(organizer=bola, organization_id=band.id)
        assert event.organization_name == "Band"
        for use in (services.invitations.accept, services.invitations.decline):
            with pytest.raises(LinkInvalid):
                use(token=token)

    def test_opens_an_account_whose_password_is_set_by_mail(
        self, services: Services, band: Band, make: Factory, mailer: FakeMailer
    ) -> None:
        band.invite("chi@example.com", MANAGER)
        make.work()

        services.invitations.accept(token=token_of(mailer, "chi@example.com"))
        make.work()

        to_chi = [mail.subject for mail in mailer.sent if mail.to == "chi@example.com"]
        assert len(to_chi) == 2
        chi = services.users.find(email="chi@example.com", username="chi")
        assert chi is not None
        assert chi.email_confirmed

    def test_ends_after_seven_days_and_makes_room_for_another(
        self, services: Services, band: Band, make: Factory, clock: FakeClock, mailer: FakeMailer
    ) -> None:
        band.invite("chi@example.com", MANAGER)
        make.work()
        with pytest.raises(InvitationOpen):
            band.invite("CHI@example.com", OWNER)

        clock.advance(INVITATION_LASTS)

        with pytest.raises(LinkInvalid):
            services.invitations.accept(token=token_of(mailer, "chi@example.com"))
        band.invite("chi@example.com", MANAGER)

    def test_can_be_declined_and_revoked(
        self, services: Services, band: Band, make: Factory, mailer: FakeMailer
    ) -> None:
        band.invite("chi@example.com", MANAGER)
        second = band.invite("dayo@example.com", MANAGER)
        make.work()

        services.invitations.decline(token=token_of(mailer, "chi@example.com"))
        services.invitations.revoke(
            owner=band.owner, organization_id=band.id, invitation_id=second.id
        )

        for email in ("chi@example.com", "dayo@example.com"):
            with pytest.raises(LinkInvalid):
                services.invitations.accept(token=token_of(mailer, email))
        with pytest.raises(InvitationNotFound):
            services.invitations.revoke(
                owner=band.owner, organization_id=band.id, invitation_id=second.id
            )
        page = services.invitations.page(
            owner=band.owner, organization_id=band.id, after=None, limit=10
        )
        assert [each.state for each in page.items] == ["revoked", "declined"]

    def test_is_refused_into_a_personal_organization_and_to_members(
        self, services: Services, band: Band, make: Factory
    ) -> None:
        personal = make.event(organizer=band.owner).organization_id
        bola = band.member(MANAGER)

        with pytest.raises(OrganizationNotShared):
            services.invitations.invite(
                owner=band.owner, organization_id=personal, email="chi@example.com", role=MANAGER
            )
        with pytest.raises(MemberAlready):
            band.invite(bola.email, OWNER)

    def test_is_limited_a_day(self, band: Band) -> None:
        for number in range(INVITATIONS_A_DAY.most):
            band.invite(f"guest{number}@example.com", MANAGER)

        with pytest.raises(TooManyMails):
            band.invite("onemore@example.com", MANAGER)

    def test_is_no_way_in_for_a_disabled_account(
        self, services: Services, band: Band, make: Factory, mailer: FakeMailer
    ) -> None:
        bola, admin = make.user(name="bola"), make.user(role=Role.ADMIN)
        band.invite(bola.email, MANAGER)
        make.work()
        services.account_control.set_disabled(actor=admin.actor, user_id=bola.id, disabled=True)

        with pytest.raises(AccountDisabled):
            services.invitations.accept(token=token_of(mailer, bola.email))


class TestWhoInvited:
    """What an owner gave out ends with the right to give it."""

    def test_takes_open_invitations_along_when_removed(
        self, services: Services, band: Band, make: Factory, mailer: FakeMailer
    ) -> None:
        thief, friend = band.member(OWNER), make.user()
        invited = services.invitations.invite(
            owner=thief, organization_id=band.id, email=friend.email, role=OWNER
        )
        kept = band.invite("chi@example.com", MANAGER)
        make.work()

        services.members.remove(caller=band.owner, organization_id=band.id, user_id=thief.id)

        with pytest.raises(LinkInvalid):
            services.invitations.accept(token=token_of(mailer, friend.email))
        assert states(services, band) == {invited.id: "revoked", kept.id: "open"}
        band.invite(friend.email, MANAGER)

    @pytest.mark.parametrize(
        ("role", "state"),
        [(MANAGER, "revoked"), (OrganizationRole.CHECKER, "revoked"), (OWNER, "open")],
    )
    def test_takes_them_along_when_an_owner_no_more(
        self, services: Services, band: Band, role: OrganizationRole, state: str
    ) -> None:
        bola = band.member(OWNER)
        invited = services.invitations.invite(
            owner=bola, organization_id=band.id, email="chi@example.com", role=OWNER
        )

        services.members.change_role(
            owner=band.owner, organization_id=band.id, user_id=bola.id, role=role
        )

        assert states(services, band)[invited.id] == state

    def test_takes_them_along_when_the_account_is_deleted(
        self, services: Services, band: Band
    ) -> None:
        bola = band.member(OWNER)
        invited = services.invitations.invite(
            owner=bola, organization_id=band.id, email="chi@example.com", role=OWNER
        )

        services.account_deletion.delete_own(user=bola, password=PASSWORD)

        assert states(services, band)[invited.id] == "revoked"

    def test_lets_no_one_join_while_disabled(
        self, services: Services, band: Band, make: Factory, mailer: FakeMailer
    ) -> None:
        bola, admin = band.member(OWNER), make.user(role=Role.ADMIN)
        services.invitations.invite(
            owner=bola, organization_id=band.id, email="chi@example.com", role=OWNER
        )
        make.work()
        token = token_of(mailer, "chi@example.com")
        services.account_control.set_disabled(actor=admin.actor, user_id=bola.id, disabled=True)

        assert not services.invitations.look(token=token).is_open
        with pytest.raises(LinkInvalid):
            services.invitations.accept(token=token)

        services.account_control.set_disabled(actor=admin.actor, user_id=bola.id, disabled=False)
        services.invitations.accept(token=token)


def states(services: Services, band: Band) -> dict[int, str]:
    """How the organization's latest invitations stand."""
    page = services.invitations.page(
        owner=band.owner, organization_id=band.id, after=None, limit=10
    )
    return {each.id: str(each.state) for each in page.items if each.state != "accepted"}
