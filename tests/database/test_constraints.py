from dataclasses import dataclass
from typing import Final

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.database.constraints import UNIQUE_VIOLATION, broken_key, unique_key
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.base import table_of
from app.repositories.database import Database
from tests.support.factories import Factory

ADDRESS: Final = unique_key(User, "email_key")
NAME: Final = unique_key(User, "username_key")
TYPE_NAME: Final = unique_key(TicketType, "event_id", "name_key")


@dataclass
class Diagnosis:
    """What PostgreSQL, or a server that speaks like it, tells of a refusal."""

    constraint_name: str | None = None
    table_name: str | None = None
    message_detail: str | None = None


class Refusal(Exception):
    def __init__(self, diag: Diagnosis, sqlstate: str = UNIQUE_VIOLATION) -> None:
        super().__init__("refused")
        self.diag = diag
        self.sqlstate = sqlstate


def refused(diagnosis: Diagnosis, sqlstate: str = UNIQUE_VIOLATION) -> IntegrityError:
    return IntegrityError("INSERT", None, Refusal(diagnosis, sqlstate))


class TestUniqueKey:
    def test_has_the_name_in_the_database(self) -> None:
        assert ADDRESS.name == "uq_users_email_key"
        assert TYPE_NAME.name == "uq_ticket_types_event_id_name_key"

    def test_is_one_the_model_has(self) -> None:
        with pytest.raises(LookupError):
            unique_key(User, "full_name")


class TestBrokenKey:
    @pytest.mark.parametrize("taken", ["email", "username"])
    def test_is_what_the_database_says(self, database: Database, make: Factory, taken: str) -> None:
        table, user, other = table_of(User), make.user(), make.user()
        with database.writing() as work:
            stored = work._transaction.connection.execute(
                select(table).where(table.c.id == user.id)
            ).mappings()
            row = {name: value for name, value in stored.one().items() if name != "id"}
        row |= {"email_key": "fresh", "username_key": "fresh"}
        row |= {f"{taken}_key": getattr(other, f"{taken}_key")}

        with pytest.raises(IntegrityError) as error, database.writing() as work:
            work._transaction.connection.execute(insert(table), row)

        assert broken_key(error.value, ADDRESS, NAME) == unique_key(User, f"{taken}_key")
        assert broken_key(error.value, TYPE_NAME) is None

    def test_is_told_by_columns_where_no_constraint_is_named(self) -> None:
        detail = "Key (event_id, name_key)=(1, vip) already exists."
        error = refused(Diagnosis(table_name="ticket_types", message_detail=detail))

        assert broken_key(error, TYPE_NAME) == TYPE_NAME
        assert broken_key(error, ADDRESS, NAME) is None

    def test_is_a_lone_candidate_where_nothing_is_told(self) -> None:
        error = refused(Diagnosis())

        assert broken_key(error, TYPE_NAME) == TYPE_NAME
        assert broken_key(error, ADDRESS, NAME) is None

    def test_is_none_for_other_refusals(self) -> None:
        error = refused(Diagnosis(table_name="ticket_types"), sqlstate="23514")

        assert broken_key(error, TYPE_NAME) is None
