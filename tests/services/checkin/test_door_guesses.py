"""Short codes of tickets are not guessed at the door, and honest gates never pause."""

import random
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

import pytest

from app.domain.actors import Actor
from app.domain.checkin.doors import ScanReason, Verdict
from app.domain.errors import TooManyGuesses
from app.domain.tickets.ticket_codes import short_code_of
from app.domain.users.attempts import UNKNOWN_CLIENT
from app.http.services import Services
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from app.services.operations.code_guesses import SHORT_CODES
from tests.steps.door import Door, open_door
from tests.steps.forgeries import forgeries
from tests.steps.guesses import (
    ELSEWHERE,
    HOME,
    OF_ADDRESS,
    OF_CALLER,
    OF_EVENT,
    OF_NETWORK,
    UseUp,
    counted,
)
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = pytest.mark.usefixtures("audited")

NOBODYS = "0000-0000-0000-0000"


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make)


def typed_codes(seed: int = 1) -> Iterator[str]:
    """Short codes of no ticket."""
    dice = random.Random(seed)
    while True:
        yield short_code_of(dice.randbytes(10))


class TestScan:
    def test_refuses_a_guesser_s_short_codes_and_reads_qr_codes_on(
        self, door: Door, use_up: UseUp, clock: FakeClock
    ) -> None:
        gate, other = door.scanner("North"), door.scanner("South")
        ticket, late = door.ticket(), door.ticket()
        use_up(SHORT_CODES, OF_CALLER, gate.name, door.event_id, UNKNOWN_CLIENT)

        with pytest.raises(TooManyGuesses) as refusal:
            door.scan(ticket.short_code, by=gate)

        assert door.scan(door.code(ticket), by=gate).check_in.verdict == Verdict.ACCEPTED
        assert door.scan(NOBODYS, by=other).check_in.reason == ScanReason.UNKNOWN_CODE
        clock.advance(refusal.value.retry_after)
        assert door.scan(late.short_code, by=gate).check_in.verdict == Verdict.ACCEPTED

    def test_makes_a_guesser_wait_no_longer_than_seconds(
        self, door: Door, use_up: UseUp, clock: FakeClock
    ) -> None:
        use_up(SHORT_CODES, OF_CALLER, door.staff.name, door.event_id, UNKNOWN_CLIENT)
        pauses, codes = [], typed_codes()

        for _ in range(6):
            with pytest.raises(TooManyGuesses) as refusal:
                door.scan(next(codes))
            pauses.append(refusal.value.retry_after.total_seconds())
            clock.advance(refusal.value.retry_after)
            door.scan(next(codes))

        assert pauses == [1, 2, 4, 8, 10, 10]

    def test_counts_short_codes_of_no_ticket(self, database: Database, door: Door) -> None:
        before = counted(database)

        for _ in range(2):  # the second time, the scan is known
            door.scan(NOBODYS, scan_id="scan")

        assert counted(database) == before + 2  # for the caller, and for the event

    def test_counts_for_the_network_and_the_event(
        self, services: Services, door: Door, use_up: UseUp, clock: FakeClock
    ) -> None:
        scan = Scan(scan_id="scan", code=door.ticket().short_code)
        place = partial(services.check_ins.scan, event_id=door.event_id, scan=scan)
        for which, client in [(OF_ADDRESS, HOME), (OF_NETWORK, ELSEWHERE), (OF_EVENT, HOME)]:
            use_up(SHORT_CODES, which, "scanner:0", door.event_id, client)
            with pytest.raises(TooManyGuesses) as refusal:
                place(actor=door.scanner("North"), client=client)
            clock.advance(refusal.value.retry_after)

        place(actor=door.scanner("North"), client=HOME)

    def test_counts_no_copy_no_forgery_and_no_other_event_s_ticket(
        self, services: Services, make: Factory, database: Database, door: Door
    ) -> None:
        copied, other = door.ticket(), open_door(services, make)
        foreign, dice = other.ticket(), random.Random(7)
        door.scan(copied.short_code)
        before = counted(database)

        for code in (
            copied.short_code,
            door.code(copied),
            foreign.short_code,
            other.code(foreign),
            "https://example.com/a-code-of-somebody-else",
            *islice(forgeries(door.code(copied), dice), 12),
        ):
            assert door.scan(code).check_in.verdict == Verdict.REFUSED

        assert counted(database) == before

    def test_never_stops_busy_gates_where_every_tenth_code_is_unknown(self) -> None:
        scans_a_minute, minutes = 600, 15
        unknown = scans_a_minute // 10 * minutes

        assert unknown < SHORT_CODES.of_caller.free, "even if one scanner made all of them"
        assert 4 * unknown < SHORT_CODES.of_address.free, "of four scanners behind one address"


class TestUpload:
    def upload(
        self, services: Services, door: Door, by: Actor, codes: Iterable[str]
    ) -> list[ScanReason]:
        scans = [
            Scan(
                scan_id=f"offline-{code[:40]}",
                code=code,
                scanned_at=START,
                door_verdict=Verdict.ACCEPTED,
            )
            for code in codes
        ]
        answers = services.offline_scans.upload(event_id=door.event_id, actor=by, scans=scans)
        return [answer.check_in.reason for answer in answers]

    def test_counts_new_short_codes_of_no_ticket(
        self, services: Services, database: Database, door: Door
    ) -> None:
        gate, ticket = door.scanner("North"), door.ticket()
        codes = [*islice(typed_codes(), 5), ticket.short_code]
        before = counted(database)

        for _ in range(2):  # the second time, all are known
            self.upload(services, door, gate, codes)

        assert counted(database) == before + 2 * 5  # for the caller, and for the event

    def test_refuses_a_guesser_s_short_codes_and_takes_qr_codes(
        self, services: Services, door: Door, use_up: UseUp, clock: FakeClock
    ) -> None:
        gate, ticket = door.scanner("North"), door.ticket()
        use_up(SHORT_CODES, OF_CALLER, gate.name, door.event_id, UNKNOWN_CLIENT)

        with pytest.raises(TooManyGuesses) as refusal:
            self.upload(services, door, gate, [NOBODYS])

        taken = self.upload(services, door, gate, [door.code(ticket)])
        assert taken == [ScanReason.ADMITTED]
        clock.advance(refusal.value.retry_after)
        assert self.upload(services, door, gate, [NOBODYS]) == [ScanReason.UNKNOWN_CODE]

    def test_keeps_a_long_batch_that_goes_beyond_what_is_free(
        self, services: Services, database: Database, door: Door, clock: FakeClock
    ) -> None:
        gate = door.scanner("North")
        counter, *_ = SHORT_CODES.counters(gate.name, door.event_id, UNKNOWN_CLIENT)
        with database.writing() as work:
            work.attempts.count([counter], now=clock.now(), times=counter.limit.free - 1)

        kept = self.upload(services, door, gate, islice(typed_codes(), 3))

        assert kept == [ScanReason.UNKNOWN_CODE] * 3
        with pytest.raises(TooManyGuesses):
            self.upload(services, door, gate, [NOBODYS])
