"""Wrong tries of codes, as they are counted."""

from collections.abc import Callable

from sqlalchemy import func, select

from app.domain.users.attempts import ClientAddress
from app.models.users.attempts import AttemptCount
from app.repositories.database import Database

HOME = ClientAddress.of("198.51.100.7")
ELSEWHERE = ClientAddress.of("203.0.113.5")
OF_CALLER, OF_EVENT, OF_ADDRESS, OF_NETWORK = range(4)
"""Where each count stands in what ``CodeKind.counters`` gives."""

UseUp = Callable[..., None]


def counted(database: Database) -> int:
    """How many wrong tries were counted, each once for each thing it counts under."""
    with database.engine.connect() as connection:
        return connection.scalar(select(func.coalesce(func.sum(AttemptCount.attempts), 0))) or 0
