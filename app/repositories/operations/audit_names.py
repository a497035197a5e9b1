from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app.domain.users.names import ensure_own_name
from app.models.users.users import User
from app.repositories.base import Repository


class NamesAuditRepository(Repository):
    """The auditor's question about the names of accounts."""

    def findings(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every user name that stands for something else: the rule, what is wrong, the row."""
        for user_id, username in self._db.execute(select(User.id, User.username)):
            try:
                ensure_own_name(username)
            except ValueError as error:
                yield "I11", f"a user name {error}", {"user": user_id}
