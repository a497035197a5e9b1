"""What people may know and ask about their own accounts: all that is kept."""

from app.domain.ids import UserId
from app.repositories.unit_of_work import UnitOfWorkFactory
from app.repositories.users.own_data import OwnData


class OwnDataService:
    """Collects what is kept about an account (GDPR, articles 15 and 20)."""

    def __init__(self, *, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def export(self, *, user_id: UserId) -> OwnData:
        """Everything about the account, as of one moment."""
        with self._unit_of_work(read_only=True) as work:
            return work.own_data.of(user_id)
