from datetime import timedelta

import pytest

from app.domain.errors import (
    LinkInvalid,
    NotLoggedIn,
    RefreshTokenInvalid,
    TicketNotFound,
    TicketOutOfUse,
    TransferNotFound,
    WrongCredentials,
)
from app.domain.ids import TransferId
from app.domain.states import TransferState
from app.http.services import Services
from app.repositories.database import Database
from app.services.tickets.transfers import OFFER_LASTS
from tests.steps.transfers import CHI, HandOver
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import START, FakeClock, FakeMailer
from tests.support.pictures import codes_in

pytestmark = pytest.mark.usefixtures("audited")


def code_at(database: Database, services: Services, link_key: str) -> str:
    """What the QR code on the page of this address says."""
    with database.reading() as work:
        ticket = work.tickets.find_by_link(link_key)
    assert ticket is not None
    return services.tickets.code(ticket)


class TestAccept:
    @pytest.mark.smoke
    def test_ends_the_old_code_link_and_short_code(
        self, hand_over: HandOver, services: Services, database: Database
    ) -> None:
        old = hand_over.ticket()
        old_code = code_at(database, services, old.link_key)

        new = hand_over.accept(hand_over.offer())

        signer = hand_over.outside.signer
        assert (new.id, new.version) == (old.id, 2)
        assert not {new.code, new.link_key} & {old.code, old.link_key}
        assert signer.read(old_code).version == 1
        facts = signer.read(code_at(database, services, new.link_key))
        assert (facts.version, facts.short_code) == (2, new.code)
        with database.reading() as work:
            assert work.tickets.find_by_link(old.link_key) is None
            replaced = work.tickets.find_replaced(old.link_key)
        assert replaced is not None
        assert (replaced.code, replaced.user_id) == (old.code, hand_over.ada.id)

    def test_gives_it_to_the_account_with_the_address(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        chi = make.user(name="chi")

        new = hand_over.accept(hand_over.offer(CHI.upper(), name="Chi Obi"))

        assert (new.user_id, new.attendee_name) == (chi.id, "Chi Obi")
        assert services.tickets.get(ticket_id=new.id, user_id=chi.id).id == new.id
        with pytest.raises(TicketNotFound):
            services.tickets.get(ticket_id=new.id, user_id=hand_over.ada.id)

    def test_opens_an_account_nobody_can_log_in_to_yet(
        self, hand_over: HandOver, services: Services, make: Factory, database: Database
    ) -> None:
        make.user(name="chi.obi")

        new = hand_over.accept(hand_over.offer("chi.obi@elsewhere.example"))

        with database.reading() as work:
            chi = work.users.get(new.user_id)
        assert chi.email_confirmed_at == START
        assert chi.username.startswith("chi.obi-")
        assert new.attendee_name == chi.username
        for password in ("", "!", chi.password_hash):
            with pytest.raises(WrongCredentials):
                services.sessions.log_in(name=chi.username, password=password)

    def test_shuts_out_whoever_opened_the_account_under_an_address_they_never_confirmed(
        self, hand_over: HandOver, services: Services, mailer: FakeMailer, make: Factory
    ) -> None:
        squatter = services.users.register(email=CHI, username="squatter", password=PASSWORD)
        login = services.sessions.log_in(name="squatter", password=PASSWORD)

        new = hand_over.accept(hand_over.offer())

        assert new.user_id == squatter.id
        with pytest.raises(NotLoggedIn):
            services.sessions.caller(services.sessions.claims_of(login.access_token))
        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=login.refresh_token)
        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="squatter", password=PASSWORD)
        make.work()
        assert "Set a new password" in {mail.subject for mail in mailer.to(CHI)}

    @pytest.mark.smoke
    def test_leaves_places_order_and_money_alone_and_works_sold_out(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        order = hand_over.bought.order
        rest = services.events.get(order.event_id).places_left
        make.buy(make.user(), order.event_id, quantity=rest or 0)
        assert services.events.get(order.event_id).places_left == 0

        hand_over.accept(hand_over.offer())

        detail = services.orders.get(buyer_id=hand_over.ada.id, order_id=order.id)
        assert detail.order.status == "paid"
        assert len(detail.tickets) == 2
        assert services.events.get(order.event_id).places_left == 0

    def test_mails_the_new_code_to_the_new_holder_only(
        self, hand_over: HandOver, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        transfer = hand_over.offer()
        make.work()
        new = hand_over.accept(transfer)

        make.work()

        *_, mail = mailer.to(CHI)
        (picture,) = mail.attachments
        (code,) = codes_in(picture.content)
        assert hand_over.outside.signer.read(code).short_code == new.code
        assert f"https://shop.test/t/{new.link_key}" in mail.text
        giver = mailer.to(hand_over.ada.email)[-1]
        assert giver.subject == "Your ticket for Lagos Jazz Night was taken over"
        assert not any(new.link_key in sent.text for sent in mailer.to(hand_over.ada.email))

    def test_before_the_confirmation_was_sent_keeps_the_new_code_out_of_it(
        self, hand_over: HandOver, make: Factory, mailer: FakeMailer
    ) -> None:
        new = hand_over.accept(hand_over.offer())

        make.work()

        issued = next(m for m in mailer.to(hand_over.ada.email) if "Your ticket for" in m.subject)
        assert len(issued.attachments) == 1
        assert new.link_key not in issued.text
        assert "1 of the order was transferred" in issued.text

    @pytest.mark.smoke
    def test_happens_once(self, hand_over: HandOver) -> None:
        transfer = hand_over.offer()
        hand_over.accept(transfer)

        with pytest.raises(LinkInvalid):
            hand_over.accept(transfer)

        assert hand_over.ticket().version == 2

    def test_lets_the_new_holder_hand_it_on_and_back(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        chi = make.user(name="chi")
        hand_over.accept(hand_over.offer())
        back = services.transfers.offer(
            ticket_id=hand_over.ticket_id, giver=chi, email=hand_over.ada.email
        )

        returned = hand_over.accept(back)

        assert (returned.user_id, returned.version) == (hand_over.ada.id, 3)

    @pytest.mark.parametrize("end", ["withdrawn", "expired", "refunded", "revoked", "reissued"])
    def test_refuses_an_offer_that_has_ended(
        self, hand_over: HandOver, services: Services, clock: FakeClock, end: str
    ) -> None:
        transfer, ticket_id = hand_over.offer(), hand_over.ticket_id
        organizer = hand_over.organizer
        match end:
            case "withdrawn":
                services.transfers.withdraw(transfer_id=transfer.id, giver_id=hand_over.ada.id)
            case "expired":
                clock.advance(OFFER_LASTS)
            case "refunded":
                hand_over.refund()
            case "revoked":
                services.reissues.revoke(ticket_id=ticket_id, organizer=organizer, reason="x")
            case _:
                services.reissues.reissue(ticket_id=ticket_id, organizer=organizer, reason="x")

        with pytest.raises(LinkInvalid):
            hand_over.accept(transfer)

        expected = TransferState.OFFERED if end == "expired" else TransferState.WITHDRAWN
        assert hand_over.state_of(transfer.id) == expected
        assert hand_over.ticket().user_id == hand_over.ada.id

    def test_refuses_a_ticket_that_was_used_meanwhile(self, hand_over: HandOver) -> None:
        transfer = hand_over.offer()
        hand_over.use()

        with pytest.raises(TicketOutOfUse):
            hand_over.accept(transfer)

        assert hand_over.ticket().version == 1

    @pytest.mark.parametrize("token", ["", "1", "1.", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "x.y", "²."])
    def test_refuses_a_made_up_token(
        self, hand_over: HandOver, services: Services, token: str
    ) -> None:
        hand_over.offer()

        with pytest.raises(LinkInvalid):
            services.transfers.accept(token=token)


@pytest.mark.smoke
class TestWithdraw:
    def test_is_for_the_giver_and_once(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        transfer = hand_over.offer()
        for giver, transfer_id in ((make.user(), transfer.id), (hand_over.ada, TransferId(99))):
            with pytest.raises(TransferNotFound):
                services.transfers.withdraw(transfer_id=transfer_id, giver_id=giver.id)

        services.transfers.withdraw(transfer_id=transfer.id, giver_id=hand_over.ada.id)

        with pytest.raises(TransferNotFound):
            services.transfers.withdraw(transfer_id=transfer.id, giver_id=hand_over.ada.id)


@pytest.mark.smoke
class TestExpire:
    def test_ends_what_is_over_and_nothing_else(
        self, hand_over: HandOver, services: Services, clock: FakeClock
    ) -> None:
        transfer = hand_over.offer()
        clock.advance(OFFER_LASTS - timedelta(seconds=1))
        early = services.transfers.expire()
        clock.advance(timedelta(seconds=1))

        assert (early, services.transfers.expire(), services.transfers.expire()) == (0, 1, 0)
        assert hand_over.state_of(transfer.id) == TransferState.EXPIRED


class TestRefund:
    def test_of_a_ticket_that_was_handed_on_pays_the_buyer_and_tells_the_holder(
        self, hand_over: HandOver, make: Factory, mailer: FakeMailer
    ) -> None:
        hand_over.accept(hand_over.offer())
        make.work()
        mailer.sent.clear()

        hand_over.refund()
        make.work()

        (buyer,) = mailer.to(hand_over.ada.email)
        (holder,) = mailer.to(CHI)
        assert "NGN 2,500.00" in buyer.text
        assert holder.subject == "Your ticket for Lagos Jazz Night was taken back"
        assert "seats broken" in holder.text
        assert "NGN" not in holder.text
