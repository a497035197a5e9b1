"""The console, as an organizer at a browser uses it."""

import re

from app.domain.ids import EventId
from app.models.users.users import User
from tests.steps.browsing import Visitor

FORM = {
    "title": "Lagos Jazz Night",
    "date": "2030-06-01T19:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": "2,500",
    "capacity": "200",
    "category": "Music",
    "description": "Three bands.\r\n\r\nFood.",
}
EVENT = re.compile(r"/manage/events/([0-9]+)")


def signed_in(visitor: Visitor, user: User) -> Visitor:
    """Another person at a browser of their own."""
    other = Visitor(visitor.api)
    other.sign_in(user.username)
    return other


def created(visitor: Visitor, **changes: str) -> str:
    """The address of a new event's page in the console."""
    visitor.open("/manage/events/new")
    answer = visitor.post("/manage/events/new", **(FORM | changes))
    assert EVENT.fullmatch(answer.headers["location"])
    return str(answer.headers["location"])


def id_in(path: str) -> EventId:
    """The number of the event whose page in the console this is."""
    return EventId(int(path.rpartition("/")[2]))
