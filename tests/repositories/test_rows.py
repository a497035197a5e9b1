import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import DetachedInstanceError

from app.models.base import Base
from app.models.orders.orders import Order, OrderItem
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.repositories.base import RowsOf, table_of
from app.repositories.database import Database
from tests.support.factories import Factory


class TestOne:
    @pytest.mark.parametrize("model", [Order, OrderItem, Payment, Ticket])
    def test_holds_what_the_orm_would_have_read(
        self, database: Database, make: Factory, model: type[Base]
    ) -> None:
        make.buy(make.user(), make.event().id)
        names = [column.name for column in table_of(model).columns]

        with Session(database.engine) as session:
            known = session.scalars(select(model)).one()
            read = RowsOf(model).one(session.execute(select(*RowsOf(model).columns)).one())

            assert [getattr(read, name) for name in names] == [
                getattr(known, name) for name in names
            ]

    def test_refuses_to_look_up_what_was_not_read_along(
        self, database: Database, make: Factory
    ) -> None:
        make.buy(make.user(), make.event().id)
        with database.connection() as connection:
            order = RowsOf(Order).one(connection.execute(select(*RowsOf(Order).columns)).one())

        with pytest.raises(DetachedInstanceError):
            _ = order.items

    def test_takes_what_was_read_along(self, database: Database, make: Factory) -> None:
        make.buy(make.user(), make.event().id)
        with database.connection() as connection:
            row = connection.execute(select(*RowsOf(Order).columns)).one()

        assert RowsOf(Order).one(row, items=[]).quantity == 0
