"""What an error of the database tells, as it ends in logs."""

import traceback

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.models.users.users import User
from app.repositories.base import table_of
from app.repositories.database import Database
from tests.support.factories import Factory


class TestErrors:
    def test_tell_none_of_the_values(self, database: Database, make: Factory) -> None:
        table, user = table_of(User), make.user()
        with database.connection() as connection:
            row = connection.execute(table.select().where(table.c.id == user.id)).mappings().one()
        copy = {name: value for name, value in row.items() if name != "id"}

        with pytest.raises(IntegrityError) as refused, database.writing() as work:
            work._transaction.connection.execute(insert(table), copy)

        told = "".join(traceback.format_exception(refused.value))
        assert "users" in told
        for secret in (user.email, user.username, row["password_hash"]):
            assert secret not in told
