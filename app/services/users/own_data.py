"""What people may know and ask about their own accounts: all that is kept."""

from app.domain.ids import UserId
from app.repositories.database import Database
from app.repositories.users.own_data import OwnData


class OwnDataService:
    """Collects what is kept about an account (GDPR, articles 15 and 20)."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def export(self, *, user_id: UserId) -> OwnData:
        """Everything about the account, as of one moment."""
        with self._database.reading() as work:
            return work.own_data.of(user_id)
