"""Scanners that were offline: whatever the order they tell in, and however often, one result."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from app.domain.actors import Actor
from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.errors import EventNotFound, TicketNotRefundable
from app.http.services import Services
from app.services.checkin.check_ins import Answer
from app.services.checkin.scans import Scan
from tests.steps.door import Door, open_door
from tests.support.codes import SIGNER
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def door(services: Services, make: Factory, clock: FakeClock) -> Door:
    door = open_door(services, make)
    clock.advance(timedelta(hours=1))
    return door


def admitted(scan_id: str, code: str, minute: int, *, direction: Direction = Direction.IN) -> Scan:
    """Whom a scanner let pass while it was offline."""
    return Scan(
        scan_id=scan_id,
        code=code,
        direction=direction,
        scanned_at=START + timedelta(minutes=minute),
        door_verdict=Verdict.ACCEPTED,
    )


def upload(door: Door, scans: Sequence[Scan], *, by: Actor | None = None) -> Sequence[Answer]:
    return door.services.offline_scans.upload(
        event_id=door.event_id, actor=by or door.staff, scans=scans
    )


def reasons(answers: Sequence[Answer]) -> list[str]:
    return [answer.check_in.reason.value for answer in answers]


class TestUpload:
    @pytest.mark.parametrize("order", list(permutations(range(3))))
    @pytest.mark.parametrize("reentry", [False, True])
    def test_of_three_scanners_has_one_result_in_every_order_and_twice(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        order: Sequence[int],
        reentry: bool,
    ) -> None:
        door = open_door(services, make, reentry=reentry)
        clock.advance(timedelta(hours=1))
        one, two, three = [door.code(ticket) for ticket in door.tickets(3)]
        out = Direction.OUT
        told = [
            [admitted("n1", one, 5), admitted("n2", two, 1), admitted("n3", "TK1:X", 2)],
            [admitted("s1", one, 3), admitted("s2", two, 9), admitted("s3", three, 4)],
            [admitted("e1", one, 3), admitted("e2", one, 4, direction=out)],
        ]
        scanners = [door.scanner(gate) for gate in ("North", "South", "East")]

        for _ in range(2):
            for number in order:
                upload(door, told[number], by=scanners[number])
        found = [upload(door, told[n], by=scanners[n]) for n in range(3)]

        again = "admitted" if reentry else "already-used"
        assert [reasons(answers) for answers in found] == [
            [again, "admitted", "unknown-code"],
            ["already-used", "already-used", "admitted"],
            ["admitted", "left" if reentry else "no-reentry"],
        ]
        assert all(answer.is_repeat for answers in found for answer in answers)
        conflict = found[1][0].check_in
        assert conflict.is_conflict
        assert conflict.entry is not None
        assert conflict.entry.gate == "East"
        assert len(services.audit.violations()) == 0

    def test_makes_the_ticket_used(self, door: Door) -> None:
        ticket = door.ticket()

        (answer,) = upload(door, [admitted("1", door.code(ticket), 5)])

        assert answer.check_in.reason == "admitted"
        shown = door.services.tickets.get(ticket_id=ticket.id, user_id=ticket.user_id)
        assert shown.used_at == START + timedelta(minutes=5)
        with pytest.raises(TicketNotRefundable):
            door.request_refund(ticket)
        assert door.scan(door.code(ticket)).check_in.reason == "already-used"

    def test_never_changes_what_was_answered_online(self, door: Door) -> None:
        ticket = door.ticket()
        online = door.scan(door.code(ticket))

        (earlier,) = upload(door, [admitted("1", door.code(ticket), 1)])

        assert earlier.check_in.reason == "already-used"
        assert earlier.check_in.is_conflict
        newest, oldest = door.history(ticket.id)
        assert newest.check_in == earlier.check_in
        assert oldest.check_in == online.check_in

    def test_moves_the_entry_to_whoever_was_earlier(self, door: Door) -> None:
        ticket = door.ticket()
        code = door.code(ticket)
        upload(door, [admitted("late", code, 9)])

        upload(door, [admitted("early", code, 1)])

        found = {a.check_in.scan_id: a.check_in for a in door.history(ticket.id)}
        assert found["early"].reason == "admitted"
        assert found["late"].is_conflict
        shown = door.services.tickets.get(ticket_id=ticket.id, user_id=ticket.user_id)
        assert shown.used_at == START + timedelta(minutes=1)

    def test_takes_no_refusal_for_an_entry(self, door: Door) -> None:
        code = door.code(door.ticket())
        refused = replace(admitted("1", code, 1), door_verdict=Verdict.REFUSED)
        with_reason = replace(refused, scan_id="2", door_reason=ScanReason.ALREADY_USED)
        with_nonsense = replace(refused, scan_id="3", door_reason=ScanReason.ADMITTED)

        found = upload(door, [refused, with_reason, with_nonsense])

        assert reasons(found) == ["unknown-code", "already-used", "unknown-code"]
        assert not any(answer.check_in.is_conflict for answer in found)
        assert door.scan(code).check_in.reason == "admitted"

    def test_refuses_what_the_ticket_itself_forbids(self, services: Services, door: Door) -> None:
        refunded, moved = door.tickets(2)
        door.request_refund(refunded)
        older = replace(moved.facts, version=0, short_code="0000-0000-0000-0000")

        found = upload(
            door,
            [
                admitted("1", door.code(refunded), 1),
                admitted("2", SIGNER.sign(older, key_id=1), 1),
            ],
        )

        assert reasons(found) == ["refunded", "replaced"]
        assert all(answer.check_in.is_conflict for answer in found)

    def test_takes_the_same_name_twice_in_one_batch_for_one_scan(self, door: Door) -> None:
        one, two = [door.code(ticket) for ticket in door.tickets(2)]

        found = upload(door, [admitted("same", one, 1), admitted("same", two, 2)])

        assert found[0].check_in == found[1].check_in
        assert door.scan(two).check_in.reason == "admitted"

    def test_believes_no_clock_that_runs_ahead(self, door: Door, clock: FakeClock) -> None:
        (answer,) = upload(door, [admitted("1", door.code(door.ticket()), 600)])

        assert answer.check_in.scanned_at == clock.now()

    def test_is_for_the_event_s_people_only(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        stranger = open_door(services, make).scanner("North")

        with pytest.raises(EventNotFound):
            upload(door, [admitted("1", "x", 1)], by=stranger)


class TestConflicts:
    def test_show_everybody_who_came_with_the_ticket(self, door: Door) -> None:
        twice, once, refunded = door.tickets(3)
        door.request_refund(refunded)
        north, south = door.scanner("North"), door.scanner("South")
        upload(door, [admitted("n1", door.code(twice), 2), admitted("n2", "?", 3)], by=north)
        upload(door, [admitted("s1", door.code(twice), 1)], by=south)
        upload(door, [admitted("s2", door.code(once), 1)], by=south)
        upload(door, [admitted("s3", door.code(refunded), 1)], by=south)

        found = door.services.offline_scans.conflicts(event_id=door.event_id, actor=door.staff)

        listed = [[(a.check_in.scan_id, a.check_in.gate) for a in scans] for scans in found]
        assert listed == [[("s1", "South"), ("n1", "North")], [("s3", "South")]]

    def test_end_when_the_entry_is_undone(self, door: Door) -> None:
        ticket = door.ticket()
        code = door.code(ticket)
        first, second = upload(door, [admitted("1", code, 1), admitted("2", code, 2)])

        door.services.check_ins.undo(
            event_id=door.event_id,
            actor=door.staff,
            check_in_id=first.check_in.id,
            reason="it was somebody else's",
        )

        assert second.check_in.is_conflict
        newest = door.history(ticket.id)[0].check_in
        assert (newest.scan_id, newest.reason) == ("2", "admitted")
        kept = door.services.offline_scans.conflicts(event_id=door.event_id, actor=door.staff)
        assert kept == []
