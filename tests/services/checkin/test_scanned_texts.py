"""Texts as scanners send them: a line end, a blank or a byte order mark along, any case."""

from datetime import timedelta

import pytest

from app.domain.checkin.doors import Verdict
from app.http.services import Services
from app.services.checkin.scans import Scan
from tests.steps.door import Door, open_door
from tests.support.codes import SENT_ALONG
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock


@pytest.fixture
def door(services: Services, make: Factory, clock: FakeClock) -> Door:
    door = open_door(services, make)
    clock.advance(timedelta(hours=1))
    return door


def texts_of(code: str) -> list[str]:
    return [
        f"{before}{spelled}{after}"
        for spelled in (code, code.lower())
        for before, after in SENT_ALONG
    ]


class TestScannedTexts:
    def test_are_read_online(self, door: Door) -> None:
        for is_short in (False, True):
            ticket = door.ticket()
            texts = texts_of(ticket.short_code if is_short else door.code(ticket))

            said = [door.scan(text).check_in.reason.value for text in texts]

            assert said == ["admitted", *["already-used"] * (len(texts) - 1)]

    def test_are_read_in_a_batch(self, door: Door) -> None:
        code = door.code(door.ticket())
        scans = [
            Scan(
                scan_id=f"offline-{number}",
                code=text,
                scanned_at=START + timedelta(minutes=number),
                door_verdict=Verdict.ACCEPTED,
            )
            for number, text in enumerate(texts_of(code))
        ]

        answers = door.services.offline_scans.upload(
            event_id=door.event_id, actor=door.staff, scans=scans
        )

        said = [answer.check_in.reason.value for answer in answers]
        assert said == ["admitted", *["already-used"] * (len(scans) - 1)]
