from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, literal, or_, select, update

from app.domain.ids import AccountRequestId, UserId
from app.domain.states import AccountRequestKind
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.base import Repository, table_of


class AccountRequestRepository(Repository):
    def find(self, request_id: AccountRequestId) -> AccountRequest | None:
        return self._db.get(AccountRequest, request_id)

    def open(self, request: AccountRequest) -> None:
        """Insert a request."""
        self._insert_row(request)

    def open_by_address(
        self,
        kind: AccountRequestKind,
        email_key: str,
        *,
        only_confirmed: bool = False,
        now: datetime,
        expires_at: datetime,
    ) -> AccountRequestId | None:
        """Open a request for the account with this address and end its earlier ones of the kind.

        ``only_confirmed``: not for one that has not confirmed the address, or is disabled. The same
        statements run when there is no such account, and find nothing: the time they take does not
        tell. The account is locked before its requests, as everywhere.
        """
        which = [User.email_key == email_key]
        if only_confirmed:
            which += [User.email_confirmed_at.is_not(None), User.disabled_at.is_(None)]
        whose = select(User.id).where(*which)
        self._db.execute(whose.with_for_update(key_share=True))
        self._end(AccountRequest.user_id.in_(whose), AccountRequest.kind == kind, now=now)
        values = {
            AccountRequest.kind: kind,
            AccountRequest.created_at: now,
            AccountRequest.expires_at: expires_at,
        }
        found = select(
            User.id, User.email, *(literal(value, column.type) for column, value in values.items())
        ).where(*which)
        table = table_of(AccountRequest)
        names = ["user_id", "email", *(column.key for column in values)]
        opened: AccountRequestId | None = self._db.scalar(
            table.insert().from_select(names, found).returning(table.c.id)
        )
        return opened

    def use(self, request_id: AccountRequestId, kind: AccountRequestKind, *, now: datetime) -> bool:
        """Use a request up; tell whether it was open, and of this kind."""
        statement = (
            update(AccountRequest)
            .where(
                AccountRequest.id == request_id,
                AccountRequest.kind == kind,
                AccountRequest.used_at.is_(None),
                AccountRequest.expires_at > now,
            )
            .values(used_at=now)
            .returning(AccountRequest.id)
        )
        return self._db.scalar(statement) is not None

    def end_all(self, user_id: UserId, *kinds: AccountRequestKind, now: datetime) -> None:
        """End the account's open requests of these kinds."""
        self._end(AccountRequest.user_id == user_id, AccountRequest.kind.in_(kinds), now=now)

    def end_later_undos(self, request: AccountRequest, *, now: datetime) -> None:
        """End what would take back changes of the address that were asked for after this one."""
        self._end(
            AccountRequest.user_id == request.user_id,
            AccountRequest.kind == AccountRequestKind.UNDO_CHANGE,
            or_(
                AccountRequest.created_at > request.created_at,
                and_(
                    AccountRequest.created_at == request.created_at,
                    AccountRequest.id > request.id,
                ),
            ),
            now=now,
        )

    def keep(self, email_key: str, *, now: datetime) -> bool:
        """Whether an open request keeps this address for an account that had it."""
        kept = select(AccountRequest.id).where(
            AccountRequest.kept_key == email_key,
            AccountRequest.used_at.is_(None),
            AccountRequest.expires_at > now,
        )
        return self._db.scalar(kept.limit(1)) is not None

    def delete_ended(self, before: datetime) -> None:
        """Delete requests that could be used at most until then."""
        self._db.execute(delete(AccountRequest).where(AccountRequest.expires_at < before))

    def _end(self, *which: ColumnElement[bool], now: datetime) -> None:
        self._db.execute(
            update(AccountRequest)
            .where(*which, AccountRequest.used_at.is_(None))
            .values(used_at=now)
        )
