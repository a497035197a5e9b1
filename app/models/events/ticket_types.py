from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.errors import QuantityNotAllowed, SalesClosed, TicketTypeNotFound
from app.domain.events.schedules import SaleWindow, Schedule
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import opens
from app.domain.users.names import TICKET_TYPE_KEY
from app.models.base import Base, Id, id_column


class TicketType(Base):
    """Places of one price. ``held`` counts unpaid reservations, ``sold`` paid tickets.

    A ``capacity`` of ``None`` sets no limit. One with an ``access_code`` is shown and sold only to
    those who know it.
    """

    __tablename__ = "ticket_types"
    __table_args__ = (
        UniqueConstraint("event_id", "name_key"),
        CheckConstraint("held >= 0 AND sold >= 0", name="counters"),
        CheckConstraint("capacity IS NULL OR held + sold <= capacity", name="capacity"),
        CheckConstraint("min_per_order >= 1 AND min_per_order <= max_per_order", name="per_order"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[TicketTypeId] = id_column()
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(TICKET_TYPE_KEY))
    price_minor: Mapped[int] = mapped_column(Id)
    capacity: Mapped[int | None] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer, default=0)
    sold: Mapped[int] = mapped_column(Integer, default=0)
    sales_open_at: Mapped[datetime | None]
    sales_close_at: Mapped[datetime | None]
    min_per_order: Mapped[int] = mapped_column(Integer)
    max_per_order: Mapped[int] = mapped_column(Integer)
    access_code: Mapped[str | None] = mapped_column(String(64))

    @property
    def taken(self) -> int:
        """Places that are held or sold."""
        return self.held + self.sold

    def is_on_sale(self, *, schedule: Schedule, now: datetime) -> bool:
        """Whether now is inside the sale window."""
        window = SaleWindow(self.sales_open_at, self.sales_close_at)
        return window.is_open(schedule, now)

    def unfit_window(self, ends_at: datetime) -> tuple[str, str] | None:
        """The moment of the sale window that does not fit an event that ends then, and the rule.

        ``None`` if both fit.
        """
        opens, closes = self.sales_open_at, self.sales_close_at
        if opens is not None and closes is not None and closes <= opens:
            return "sales_close_at", "must be later than sales_open_at"
        if opens is not None and opens >= ends_at:
            return "sales_open_at", "must be earlier than the event's end"
        if closes is not None and closes > ends_at:
            return "sales_close_at", "must not be later than the event's end"
        return None

    def opens_to(self, access_code: str | None) -> bool:
        """Whether it is not hidden from those who send this code, in any case."""
        return opens(self.access_code, access_code)

    def ensure_sold_to(
        self, *, access_code: str | None, quantity: int, schedule: Schedule, now: datetime
    ) -> None:
        """Refuse what this type does not allow. Whether places are left the database decides.

        Raises:
            TicketTypeNotFound: it is hidden, and the code is not its own.
            SalesClosed: now is outside the sale window.
            QuantityNotAllowed: fewer or more than may be ordered at once.
        """
        if not self.opens_to(access_code):
            raise TicketTypeNotFound(self.id)
        if not self.is_on_sale(schedule=schedule, now=now):
            raise SalesClosed(self.event_id)
        if not self.min_per_order <= quantity <= self.max_per_order:
            raise QuantityNotAllowed(self.id, self.min_per_order, self.max_per_order)
