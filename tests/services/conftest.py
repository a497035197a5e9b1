"""What tests of the services share."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain.ids import EventId, UserId
from app.domain.listings import EventListing
from app.domain.users.attempts import ClientAddress
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.code_guesses import CodeKind
from tests.steps.checkouts import Shopper
from tests.steps.guesses import UseUp
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import START, FakeClock
from tests.support.news import Edits


@pytest.fixture
def audited(services: Services) -> Iterator[None]:
    """Whatever a test did, the auditor finds nothing wrong at its end."""
    yield
    assert [str(violation) for violation in services.audit.violations()] == []


@pytest.fixture
def new_user(services: Services) -> User:
    """A person who has just registered."""
    return services.users.register(email="zoe@example.com", username="zoe", password=PASSWORD)


@pytest.fixture
def check_out(services: Services, make: Factory) -> Shopper:
    """Check out as a guest."""
    return Shopper(services, make)


@pytest.fixture
def concert(make: Factory) -> EventId:
    """With few places, which can be refunded."""
    return make.event(price="2500", capacity=10, refund_hours=24).id


@pytest.fixture
def jazz_organizer(make: Factory) -> User:
    return make.user(name="organizer")


@pytest.fixture
def jazz(make: Factory, jazz_organizer: User) -> EventListing:
    """In ten days, with places for many."""
    return make.event(
        title="Jazz <Night>",
        organizer=jazz_organizer,
        starts_at=START + timedelta(days=10),
        price="0",
    )


@pytest.fixture
def jazz_fan(make: Factory, jazz: EventListing) -> User:
    """A person with two tickets of two orders, whose mails about them were sent."""
    ada = make.user(name="ada")
    for _ in range(2):
        make.order(ada, jazz.id)
    make.work()
    return ada


@pytest.fixture
def edit_jazz(services: Services, jazz_organizer: User, jazz: EventListing) -> Edits:
    return Edits(services, jazz_organizer, jazz.id)


@pytest.fixture
def use_up(database: Database, clock: FakeClock) -> UseUp:
    """Make as many wrong tries as are free under one of the counts."""

    def count_all(
        kind: CodeKind, which: int, caller: UserId | str, event_id: EventId, client: ClientAddress
    ) -> None:
        counter = kind.counters(caller, event_id, client)[which]
        with database.writing() as work:
            work.attempts.count([counter], now=clock.now(), times=counter.limit.free)

    return count_all
