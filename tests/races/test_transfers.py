"""One offered ticket, and everybody wants something of it at the same moment."""

from collections.abc import Callable

import pytest

from app.domain.errors import LinkInvalid, TicketingError
from app.domain.states import TransferState
from app.http.services import Services
from tests.steps.transfers import HandOver
from tests.support.factories import Factory
from tests.support.racing import at_once

ROUNDS = 6


def outcome(call: Callable[[], object]) -> Callable[[], str]:
    """The call, telling how it ended instead of raising."""

    def run() -> str:
        try:
            call()
        except TicketingError as refusal:
            return refusal.code
        return "done"

    return run


class TestAccept:
    def test_is_won_by_one(self, hand_over: HandOver, services: Services) -> None:
        transfer = hand_over.offer()

        answers = at_once([outcome(lambda: hand_over.accept(transfer))] * 8)

        assert sorted(answers) == sorted(["done"] + [LinkInvalid.code] * 7)
        assert hand_over.ticket().version == 2
        assert list(services.audit.violations()) == []

    @pytest.mark.parametrize("rival", ["withdraw", "refund", "reissue", "revoke", "scan"])
    def test_or_its_rival_wins_and_all_is_well(
        self, hand_over: HandOver, services: Services, make: Factory, rival: str
    ) -> None:
        for _ in range(ROUNDS):
            self._race(fresh(hand_over, make), services, rival)

        assert list(services.audit.violations()) == []

    def _race(self, round_: HandOver, services: Services, rival: str) -> None:
        transfer = round_.offer()
        ticket_id, organizer = round_.ticket_id, round_.organizer
        rivals: dict[str, Callable[[], object]] = {
            "withdraw": lambda: services.transfers.withdraw(
                transfer_id=transfer.id, giver_id=round_.ada.id
            ),
            "refund": round_.refund,
            "reissue": lambda: services.reissues.reissue(
                ticket_id=ticket_id, organizer=organizer, reason="lost"
            ),
            "revoke": lambda: services.reissues.revoke(
                ticket_id=ticket_id, organizer=organizer, reason="resold"
            ),
            "scan": round_.use,
        }

        accepted, other = at_once(
            [outcome(lambda: round_.accept(transfer)), outcome(rivals[rival])]
        )

        ticket, state = round_.ticket(), round_.state_of(transfer.id)
        was_handed_on = ticket.user_id != round_.ada.id
        assert (accepted == "done") == was_handed_on == (state == TransferState.ACCEPTED)
        if rival in ("withdraw", "scan"):
            assert (accepted == "done") != (other == "done"), "only one of them can be right"
        else:
            assert other == "done", "the organizer may before and after"
        if rival == "scan":
            assert (ticket.used_at is None) == was_handed_on


class TestTwoOffers:
    def test_to_one_new_address_open_one_account(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        others = [fresh(hand_over, make) for _ in range(4)]
        transfers = [other.offer("new.person@example.com") for other in others]

        tickets = at_once(
            [
                lambda other=other, transfer=transfer: other.accept(transfer)  # type: ignore[misc]  # defaults
                for other, transfer in zip(others, transfers, strict=True)
            ]
        )

        assert len({ticket.user_id for ticket in tickets}) == 1
        assert list(services.audit.violations()) == []


def fresh(hand_over: HandOver, make: Factory) -> HandOver:
    """The same people with another ticket."""
    event = make.event(organizer=hand_over.organizer)
    bought = make.buy(hand_over.ada, event.id)
    return HandOver(
        hand_over.services, hand_over.outside, hand_over.organizer, hand_over.ada, bought
    )
