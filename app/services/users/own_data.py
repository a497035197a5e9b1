"""What people may know and ask about their own accounts: all that is kept."""

from dataclasses import dataclass

from app.domain.ids import UserId
from app.repositories.database import Database
from app.repositories.users.own_data import OwnData


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataService:
    """Collects what is kept about an account (GDPR, articles 15 and 20)."""

    database: Database

    def export(self, *, user_id: UserId) -> OwnData:
        """Everything about the account, as of one moment."""
        with self.database.reading() as work:
            return work.own_data.of(user_id)
