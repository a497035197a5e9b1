"""Scanning online: each ticket is admitted once, and every verdict is kept with its reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.actors import Actor
from app.domain.checkin.doors import TOLERANCE, Direction, ScanReason, Verdict
from app.domain.errors import (
    CheckInNotFound,
    CheckInNotUndoable,
    EventNotFound,
    EventValueInvalid,
    TicketNotRefundable,
)
from app.domain.events.changes import EventChanges
from app.domain.ids import CheckInId
from app.domain.states import Role
from app.http.services import Services
from tests.steps.door import Door, open_door
from tests.support.codes import SIGNER, some_code
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = pytest.mark.usefixtures("audited")

OUT = Direction.OUT


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make)


class TestScan:
    @pytest.mark.smoke
    def test_lets_in_once_and_then_tells_when_and_where(self, door: Door, clock: FakeClock) -> None:
        ticket, north, south = door.ticket(), door.scanner("North"), door.scanner("South")

        first = door.scan(door.code(ticket), by=north)
        clock.advance(timedelta(minutes=5))
        second = door.scan(door.code(ticket), by=south)

        assert (first.check_in.verdict, first.check_in.reason) == ("accepted", "admitted")
        assert first.check_in.gate == "North"
        assert first.check_in.ticket_type == "General admission"
        assert (second.check_in.verdict, second.check_in.reason) == ("refused", "already-used")
        assert second.check_in.entry is not None
        assert (second.check_in.entry.at, second.check_in.entry.gate) == (START, "North")
        assert second.message == (
            "This ticket was used before: at 13:00:00 on 2027-03-01, gate North."
        )
        used = door.services.tickets.get(ticket_id=ticket.id, user_id=ticket.user_id)
        assert used.used_at == START

    def test_takes_the_short_code_as_it_is_typed(self, door: Door) -> None:
        ticket = door.ticket()

        found = door.scan(f"  {ticket.short_code.replace('-', ' ').lower()} ")

        assert found.check_in.reason == "admitted"
        assert found.check_in.ticket_id == ticket.id

    @pytest.mark.smoke
    def test_answers_a_known_scan_as_before_and_counts_nothing(self, door: Door) -> None:
        ticket, other = door.tickets(2)
        first = door.scan(door.code(ticket), scan_id="the same")

        again = door.scan(door.code(ticket), scan_id="the same")
        about_another = door.scan(door.code(other), scan_id="the same")

        assert again.is_repeat
        assert not first.is_repeat
        assert again.check_in == about_another.check_in == first.check_in
        assert len(door.history(ticket.id)) == 1
        assert door.history(other.id) == []

    def test_of_another_event_may_have_the_same_name(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        other = open_door(services, make)

        verdicts = [d.scan(d.code(d.ticket()), scan_id="1") for d in (door, other)]

        assert [v.check_in.reason for v in verdicts] == ["admitted", "admitted"]

    @pytest.mark.parametrize(
        "code", ["", " ", "TK1:", "TK1:%%%", "x" * 512, "🎫", "AAAA-AAAA", "\t"]
    )
    def test_refuses_what_is_no_code_and_keeps_it(self, door: Door, code: str) -> None:
        found = door.scan(code)

        assert (found.check_in.verdict, found.check_in.reason) == ("refused", "unknown-code")
        assert found.check_in.ticket_id is None

    def test_refuses_a_forged_code(self, door: Door) -> None:
        code = door.code(door.ticket())
        forged = code[:-1] + ("A" if code[-1] != "A" else "B")

        assert door.scan(forged).check_in.reason in {"forged", "unknown-code"}
        assert door.scan(code).check_in.reason == "admitted"

    def test_refuses_a_code_of_a_ticket_there_is_not(self, door: Door) -> None:
        code = some_code(ticket_id=4711, event_id=door.event_id)

        assert door.scan(code).check_in.reason == "unknown-code"

    def test_refuses_a_code_that_only_shares_the_ticket_s_number(self, door: Door) -> None:
        facts = replace(door.ticket().facts, short_code="0000-0000-0000-0000")
        code = SIGNER.sign(facts, key_id=SIGNER.current_key_id)

        assert door.scan(code).check_in.reason == "unknown-code"

    def test_refuses_a_ticket_of_another_event_and_tells_nothing_of_it(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        other = open_door(services, make).ticket()

        for code in (door.code(other), other.short_code):
            found = door.scan(code).check_in
            assert found.reason == "wrong-event"
            assert found.ticket_id is None

    @pytest.mark.smoke
    def test_refuses_an_older_version(self, door: Door) -> None:
        facts = replace(door.ticket().facts, version=0, short_code="0000-0000-0000-0000")

        found = door.scan(SIGNER.sign(facts, key_id=SIGNER.current_key_id))

        assert found.check_in.reason == "replaced"
        assert found.check_in.ticket_id == facts.ticket_id

    def test_refuses_a_ticket_that_was_given_back(self, door: Door) -> None:
        ticket = door.ticket()
        door.request_refund(ticket)

        assert door.scan(door.code(ticket)).check_in.reason == "refunded"

    def test_refuses_when_the_event_is_called_off(self, services: Services, door: Door) -> None:
        ticket = door.ticket()
        services.events.cancel(event_id=door.event_id, organizer=door.organizer, dry_run=False)

        assert door.scan(door.code(ticket)).check_in.reason == "event-cancelled"

    def test_refuses_before_the_doors_open(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        door = open_door(services, make, doors_open_at=START + timedelta(days=29))
        ticket = door.ticket()
        clock.advance(timedelta(days=29) - TOLERANCE - timedelta(seconds=1))

        early = door.scan(door.code(ticket))
        clock.advance(timedelta(seconds=1))
        on_time = door.scan(door.code(ticket))

        assert early.check_in.reason == "too-early"
        assert on_time.check_in.reason == "admitted"

    def test_refuses_after_the_event(self, door: Door, clock: FakeClock) -> None:
        first, second = door.tickets(2)
        clock.advance(timedelta(days=31) + TOLERANCE - timedelta(seconds=1))

        on_time = door.scan(door.code(first))
        clock.advance(timedelta(seconds=1))
        late = door.scan(door.code(second))

        assert on_time.check_in.reason == "admitted"
        assert late.check_in.reason == "too-late"

    def test_believes_no_clock_that_is_far_off(self, door: Door, clock: FakeClock) -> None:
        moments = [START + timedelta(days=1), START - TOLERANCE - timedelta(seconds=1)]
        near = START - timedelta(minutes=1)

        found = [door.scan("x", scanned_at=moment).check_in for moment in [*moments, near]]

        assert [check_in.scanned_at for check_in in found] == [START, START, near]

    def test_is_for_the_event_s_people_only(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        other = open_door(services, make)
        member = make.user(name="member")
        strangers = [
            Actor(),
            member.actor,
            other.organizer.actor,
            other.scanner("North"),
        ]

        for stranger in strangers:
            with pytest.raises(EventNotFound):
                door.scan("x", by=stranger)
        services.staff.take_on(event_id=door.event_id, organizer=door.organizer, name="member")

        assert door.scan("x", by=strangers[1]).check_in.user_id == member.id
        admin = make.user(role=Role.ADMIN).actor
        assert door.scan("x", by=admin).check_in.reason == "unknown-code"

    def test_keeps_a_used_ticket_from_being_given_back(self, door: Door) -> None:
        ticket = door.ticket()
        door.scan(door.code(ticket))

        with pytest.raises(TicketNotRefundable, match="undo its check-in first"):
            door.request_refund(ticket)


@pytest.mark.smoke
class TestReentry:
    @pytest.fixture
    def door(self, services: Services, make: Factory) -> Door:
        return open_door(services, make, reentry=True)

    def test_lets_in_again_after_leaving(self, door: Door) -> None:
        code = door.code(door.ticket())
        ways = [OUT, Direction.IN, Direction.IN, OUT, OUT, Direction.IN]

        reasons = [door.scan(code, direction=way).check_in.reason for way in ways]

        expected = ["not-inside", "admitted", "already-used", "left", "not-inside", "admitted"]
        assert reasons == expected

    def test_lets_out_after_the_event(self, door: Door, clock: FakeClock) -> None:
        code = door.code(door.ticket())
        door.scan(code)
        clock.advance(timedelta(days=40))

        assert door.scan(code, direction=OUT).check_in.reason == "left"
        assert door.scan(code).check_in.reason == "too-late"

    def test_cannot_be_ended_once_somebody_came_in(self, services: Services, door: Door) -> None:
        change = EventChanges(reentry=False)
        door.scan(door.code(door.ticket()))

        with pytest.raises(EventValueInvalid, match="cannot be changed after the first admission"):
            services.events.edit(event_id=door.event_id, organizer=door.organizer, changes=change)

    def test_is_off_by_default(self, services: Services, make: Factory) -> None:
        door = open_door(services, make)
        code = door.code(door.ticket())
        door.scan(code)

        found = door.scan(code, direction=OUT).check_in

        assert (found.verdict, found.reason) == (Verdict.REFUSED, ScanReason.NO_REENTRY)


@pytest.mark.smoke
class TestUndo:
    def undo(self, door: Door, check_in_id: CheckInId) -> None:
        door.services.check_ins.undo(
            event_id=door.event_id,
            actor=door.staff,
            check_in_id=check_in_id,
            reason="by mistake",
        )

    def test_lets_the_ticket_in_again(self, door: Door) -> None:
        ticket = door.ticket()
        first = door.scan(door.code(ticket)).check_in

        self.undo(door, first.id)

        (undone,) = door.history(ticket.id)
        assert undone.check_in.undo_reason == "by mistake"
        assert not door.services.tickets.get(ticket_id=ticket.id, user_id=ticket.user_id).is_used
        assert door.scan(door.code(ticket)).check_in.reason == "admitted"

    def test_works_once_and_for_accepted_ones_only(self, door: Door) -> None:
        code = door.code(door.ticket())
        first, refused, garbage = door.scan(code), door.scan(code), door.scan("x")

        self.undo(door, first.check_in.id)

        for answer in (first, refused, garbage):
            with pytest.raises(CheckInNotUndoable):
                self.undo(door, answer.check_in.id)
        with pytest.raises(CheckInNotFound):
            self.undo(door, CheckInId(4711))

    def test_begins_with_the_last(self, services: Services, make: Factory) -> None:
        door = open_door(services, make, reentry=True)
        code = door.code(door.ticket())
        entered, left = door.scan(code).check_in, door.scan(code, direction=OUT).check_in

        with pytest.raises(CheckInNotUndoable):
            self.undo(door, entered.id)
        self.undo(door, left.id)

        assert door.scan(code).check_in.reason == "already-used"
        self.undo(door, entered.id)
        assert door.scan(code).check_in.reason == "admitted"
