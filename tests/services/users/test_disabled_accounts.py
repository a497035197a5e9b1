"""A disabled account is offered nothing: no places, no tickets, no rights, no links."""

from collections.abc import Callable

import pytest

from app.domain.errors import AccountDisabled, LinkInvalid, RecipientDisabled
from app.domain.orders.waiting import WaitingEnd
from app.domain.states import Role, WaitingState
from app.http.services import Services
from app.models.users.users import User
from app.services.users.accounts import OPERATOR
from tests.steps.transfers import CHI, HandOver
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer
from tests.support.lines import Line
from tests.support.links import token_in

pytestmark = pytest.mark.usefixtures("audited")

SetDisabled = Callable[[User], None]


@pytest.fixture
def disable(services: Services) -> SetDisabled:
    def disable(user: User) -> None:
        services.account_control.set_disabled(actor=OPERATOR, user_id=user.id, disabled=True)

    return disable


@pytest.fixture
def chi(make: Factory) -> User:
    return make.user(name="chi")


class TestWaitingList:
    @pytest.fixture
    def line(self, make: Factory) -> Line:
        return Line(make, make.event(capacity=1))

    def test_offers_the_place_to_the_next(
        self, make: Factory, mailer: FakeMailer, line: Line, chi: User, disable: SetDisabled
    ) -> None:
        ada = make.user()
        line.join(chi)
        line.join(ada)
        disable(chi)
        line.free()

        line.services.waiting.offer_due()

        assert line.states(chi) == [WaitingState.WAITING]
        assert line.states(ada) == [WaitingState.OFFERED]

    def test_takes_an_offer_back_and_offers_the_place_to_the_next(
        self, make: Factory, line: Line, chi: User, disable: SetDisabled
    ) -> None:
        ada = make.user()
        line.join(chi)
        line.join(ada)
        line.free()
        line.services.waiting.offer_due()
        assert line.states(chi) == [WaitingState.OFFERED]

        disable(chi)
        make.work()

        assert line.states(chi) == [WaitingState.LAPSED]
        assert line.states(ada) == [WaitingState.OFFERED]

    def test_ends_the_wait_without_a_mail(
        self, make: Factory, mailer: FakeMailer, line: Line, chi: User, disable: SetDisabled
    ) -> None:
        line.join(chi)
        disable(chi)

        make.work()

        (entry,) = (wait.entry for wait in line.services.waiting.mine(user=chi))
        assert (entry.state, entry.ended_because) == (
            WaitingState.ENDED,
            WaitingEnd.ACCOUNT_DISABLED,
        )
        assert mailer.to(chi.email) == []

    def test_keeps_no_place_from_others(
        self, make: Factory, line: Line, chi: User, disable: SetDisabled
    ) -> None:
        line.join(chi)
        disable(chi)
        line.free()

        make.order(make.user(), line.event.id)


class TestTransfer:
    def test_is_not_offered(self, hand_over: HandOver, chi: User, disable: SetDisabled) -> None:
        disable(chi)

        with pytest.raises(RecipientDisabled):
            hand_over.offer(CHI)

    def test_offered_before_is_neither_mailed_nor_accepted(
        self,
        hand_over: HandOver,
        make: Factory,
        mailer: FakeMailer,
        chi: User,
        disable: SetDisabled,
    ) -> None:
        offer = hand_over.offer(CHI)
        disable(chi)
        make.work()

        assert mailer.to(CHI) == []
        with pytest.raises(AccountDisabled):
            hand_over.accept(offer)
        assert hand_over.ticket().user_id == hand_over.ada.id


class TestStaff:
    def test_is_not_taken_on(
        self, services: Services, make: Factory, chi: User, disable: SetDisabled
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        disable(chi)

        with pytest.raises(RecipientDisabled):
            services.staff.take_on(event_id=event.id, organizer=organizer, name="chi")

        assert services.staff.of_event(event_id=event.id, organizer=organizer) == []


class TestMails:
    def test_with_links_are_not_sent(
        self, services: Services, make: Factory, mailer: FakeMailer, chi: User, disable: SetDisabled
    ) -> None:
        disable(chi)

        services.account_requests.request_reset(email=chi.email)
        make.work()

        assert mailer.to(chi.email) == []

    def test_sent_before_open_nothing(
        self, services: Services, make: Factory, mailer: FakeMailer, chi: User, disable: SetDisabled
    ) -> None:
        services.users.edit(user_id=chi.id, email="new@example.com", current_password=PASSWORD)
        make.work()
        disable(chi)

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=token_in(mailer, "new@example.com"))

    def test_about_money_are_sent(
        self, services: Services, make: Factory, mailer: FakeMailer, chi: User, disable: SetDisabled
    ) -> None:
        order = make.buy(chi, make.event().id).order
        disable(chi)

        make.work()

        assert [f"order {order.id}" in mail.text for mail in mailer.to(chi.email)] != []
