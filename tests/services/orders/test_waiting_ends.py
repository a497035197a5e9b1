from datetime import timedelta

import pytest

from app.domain.errors import EventNotFound, WaitingEntryNotFound
from app.domain.orders.waiting import WORDS
from app.domain.states import Role, WaitingState
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.lines import Line, change_event, change_type

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def line(make: Factory) -> Line:
    return Line(make, make.event(capacity=1))


class TestEndImpossible:
    @pytest.mark.parametrize(
        "change",
        [
            {"capacity": 1},
            {"shared_capacity": 1},
            {"max_per_buyer": 1},
            {"max_per_order": 1},
            {"min_per_order": 3},
            {"access_code": "CREW"},
            {"cancelled": True},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_tells_who_waits_for_what_cannot_be_had_any_more(
        self, make: Factory, mailer: FakeMailer, change: dict[str, object]
    ) -> None:
        line = Line(make, make.event(capacity=2))
        ada = make.user()
        line.join(ada, 2)
        make.work()
        assert line.states(ada) == [WaitingState.WAITING]

        change_event(line, make.user(role=Role.ADMIN), change)
        make.work()

        (entry,) = (wait.entry for wait in line.services.waiting.mine(user=ada))
        assert entry.state == WaitingState.ENDED
        assert entry.ended_because is not None
        (mail,) = mailer.to(ada.email)
        assert line.event.title in mail.text
        assert WORDS[entry.ended_because] in mail.text

    def test_ends_the_line_when_the_sale_is_over(
        self, make: Factory, clock: FakeClock, mailer: FakeMailer, line: Line
    ) -> None:
        ada = make.user()
        line.join(ada)

        clock.advance(line.event.starts_at - clock.now())
        make.work()

        assert line.states(ada) == [WaitingState.ENDED]
        assert len(mailer.to(ada.email)) == 1

    def test_waits_for_a_sale_that_pauses(
        self, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        line.join(ada)

        opens_at = clock.now() + timedelta(days=1)
        change_type(line, admin, {"sales_open_at": opens_at})
        make.work()

        assert line.states(ada) == [WaitingState.WAITING]


class TestOfEvent:
    def test_shows_the_organizer_who_waits(self, make: Factory, line: Line) -> None:
        ada, bola = make.user(), make.user()
        line.join(ada)
        line.join(bola)
        line.free()
        make.work()

        page = line.services.waiting.of_event(
            organizer=make.user(role=Role.ADMIN), event_id=line.event.id, after=None, limit=20
        )

        assert [(w.username, w.entry.state, w.place_in_line) for w in page.items] == [
            (ada.username, WaitingState.OFFERED, None),
            (bola.username, WaitingState.WAITING, 1),
        ]

    def test_is_the_organizers(self, make: Factory, line: Line) -> None:
        rival = make.user(role=Role.ORGANIZER)

        with pytest.raises(EventNotFound):
            line.services.waiting.of_event(
                organizer=rival, event_id=line.event.id, after=None, limit=20
            )


class TestRemove:
    def test_ends_the_entry_and_tells_its_owner(
        self, make: Factory, mailer: FakeMailer, line: Line
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        entry_id = line.join(ada).entry.id

        line.services.waiting.remove(organizer=admin, event_id=line.event.id, entry_id=entry_id)
        line.free()
        make.work()

        assert line.states(ada) == [WaitingState.ENDED]
        assert len(mailer.to(ada.email)) == 1
        make.order(make.user(), line.event.id)

    def test_is_for_entries_of_the_event(self, make: Factory, line: Line) -> None:
        admin, other = make.user(role=Role.ADMIN), make.event(capacity=1)
        entry_id = line.join(make.user()).entry.id

        with pytest.raises(WaitingEntryNotFound):
            line.services.waiting.remove(organizer=admin, event_id=other.id, entry_id=entry_id)
