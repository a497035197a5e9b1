from datetime import timedelta

import pytest

from app.domain.errors import (
    TicketNotFound,
    TicketOutOfUse,
    TooManyTransfers,
    TransferOpen,
    TransferToSelf,
)
from app.domain.states import TransferState
from app.domain.tickets.ticket_states import TicketState
from app.http.services import Services
from app.services.tickets.transfers import MOST_OFFERS, OFFER_LASTS
from tests.steps.transfers import CHI, HandOver
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


class TestOffer:
    def test_mails_a_link_and_leaves_the_ticket_alone(
        self, hand_over: HandOver, make: Factory, mailer: FakeMailer
    ) -> None:
        before = hand_over.ticket()

        transfer = hand_over.offer(name="Chi <Obi>")
        make.work()

        (mail,) = mailer.to(CHI)
        assert f"https://shop.test/transfer?token={hand_over.token(transfer)}" in mail.text
        assert mail.html is not None
        assert "Chi &lt;Obi&gt;" in mail.html
        assert before.code not in mail.text + mail.html
        assert (hand_over.ticket().code, hand_over.ticket().version) == (before.code, 1)
        assert transfer.expires_at == START + OFFER_LASTS

    def test_ends_when_the_event_begins(
        self, hand_over: HandOver, services: Services, clock: FakeClock
    ) -> None:
        starts_at = services.events.get(hand_over.bought.order.event_id).starts_at
        clock.advance(starts_at - START - timedelta(days=1))

        assert hand_over.offer().expires_at == starts_at

    def test_is_one_at_a_time(self, hand_over: HandOver, clock: FakeClock) -> None:
        first = hand_over.offer()

        with pytest.raises(TransferOpen):
            hand_over.offer("dayo@example.com")

        clock.advance(OFFER_LASTS)
        hand_over.offer("dayo@example.com")
        assert hand_over.state_of(first.id) == TransferState.EXPIRED

    def test_is_for_the_holder_and_for_somebody_else(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        for stranger in (make.user(), hand_over.organizer):
            with pytest.raises(TicketNotFound):
                services.transfers.offer(ticket_id=hand_over.ticket_id, giver=stranger, email=CHI)

        with pytest.raises(TransferToSelf):
            hand_over.offer(hand_over.ada.email.upper())

    @pytest.mark.parametrize(
        "state", ["used", "refunded", "revoked", "event-cancelled", "event-begun", "event-over"]
    )
    def test_needs_a_ticket_that_is_good(
        self, hand_over: HandOver, services: Services, clock: FakeClock, state: str
    ) -> None:
        event_id, organizer = hand_over.bought.order.event_id, hand_over.organizer
        match TicketState(state):
            case TicketState.USED:
                hand_over.use()
            case TicketState.REFUNDED:
                hand_over.refund()
            case TicketState.REVOKED:
                services.reissues.revoke(
                    ticket_id=hand_over.ticket_id, organizer=organizer, reason="resold"
                )
            case TicketState.EVENT_CANCELLED:
                services.events.cancel(event_id=event_id, organizer=organizer, dry_run=False)
            case TicketState.EVENT_BEGUN:
                clock.advance(timedelta(days=30))
            case _:
                clock.advance(timedelta(days=31))

        with pytest.raises(TicketOutOfUse) as refused:
            hand_over.offer()

        assert refused.value.facts["reason"] == state

    def test_is_not_a_way_to_send_mail_all_day(
        self, hand_over: HandOver, services: Services, clock: FakeClock
    ) -> None:
        for _ in range(MOST_OFFERS):
            transfer = hand_over.offer()
            services.transfers.withdraw(transfer_id=transfer.id, giver_id=hand_over.ada.id)

        with pytest.raises(TooManyTransfers) as refused:
            hand_over.offer()

        clock.advance(refused.value.retry_after)
        hand_over.offer()
