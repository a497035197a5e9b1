from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.errors import EventIsCancelled, EventIsDraft, PreconditionFailed
from app.domain.events.schedules import Schedule, When
from app.domain.events.versions import IfMatch, etag_of
from app.domain.ids import EventId, OrganizationId, UserId
from app.domain.money import Money
from app.domain.text import search_key, sort_key
from app.models.base import Base, Id, id_column, index_where

BYTES = String(512).with_variant(String(512, collation="C"), "postgresql")
"""Text ordered by its bytes: SQLite does so always, PostgreSQL by the collation "C"."""


class Event(Base):
    """Something people buy tickets for. ``title_key`` sorts it, ``search_text`` finds it.

    ``capacity`` is shared by all ticket types. ``held`` and ``sold`` count against it, and only
    while there is one: an event without it has no row all its buyers would queue for.
    ``price_minor`` is the lowest price of the visible ticket types.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_starts_at_id", "starts_at", "id"),
        Index("ix_events_updated_at", "updated_at"),
        Index("ix_events_title_key_id", "title_key", "id"),
        Index("ix_events_price_minor_id", "price_minor", "id"),
        Index("ix_events_category_key_starts_at_id", "category_key", "starts_at", "id"),
        index_where("ix_events_cancelled_at", "cancelled_at", where="cancelled_at IS NOT NULL"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("held >= 0 AND sold >= 0", name="counters"),
        CheckConstraint("capacity IS NULL OR held + sold <= capacity", name="capacity"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[EventId] = id_column()
    organization_id: Mapped[OrganizationId] = mapped_column(
        Id, ForeignKey("organizations.id"), index=True
    )
    """Whose it is: rights to it come from there alone."""
    created_by: Mapped[UserId | None] = mapped_column(Id, ForeignKey("users.id"), index=True)
    """The account that created it; ``None``: it was created without a login."""
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(BYTES)
    category: Mapped[str | None] = mapped_column(String(60))
    category_key: Mapped[str | None] = mapped_column(BYTES)
    location: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    image_url: Mapped[str | None] = mapped_column(String(2000))
    """A picture that lies elsewhere; shown while none was uploaded."""
    picture_key: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("pictures.key"), index=True
    )
    """The picture that was uploaded; see ``app/models/events/pictures.py``."""
    picture_alt: Mapped[str | None] = mapped_column(String(250))
    """What the uploaded picture shows, in words."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    all_day: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it lasts whole days of its zone, from the start of one to the start of another."""
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int] = mapped_column(Id)
    capacity: Mapped[int | None] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer, default=0)
    sold: Mapped[int] = mapped_column(Integer, default=0)
    max_per_buyer: Mapped[int | None] = mapped_column(Integer)
    refund_hours: Mapped[int | None] = mapped_column(Integer)
    """Until how many hours before the start buyers may refund tickets; ``None``: never."""
    doors_open_at: Mapped[datetime | None]
    """From when on tickets are admitted; ``None``: at any time before the end."""
    reentry: Mapped[bool] = mapped_column(default=False)
    """Whether people may leave and come back on the same ticket."""
    terms: Mapped[str | None] = mapped_column(Text)
    """What is printed on each ticket: house rules, what to bring."""
    reminded_at: Mapped[datetime | None]
    """When its ticket holders were reminded that it is about to begin."""
    cancelled_at: Mapped[datetime | None]
    sales_paused_at: Mapped[datetime | None]
    """Since when sales are paused; ``None``: they are not."""
    is_draft: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Not published yet: nothing of it is sold, and only members see it. It never is again."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    """Grows with each change of it or its ticket types by an organizer; sales do not count."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def describe(self) -> None:
        """Bring the derived columns up to date with the ones people see."""
        self.title_key = sort_key(self.title)
        self.category_key = sort_key(self.category) if self.category else None
        self.search_text = search_key(self.title, self.location, self.description)

    def ensure_as_read(self, if_match: IfMatch | None) -> None:
        """Refuse a change by an organizer who has read another version. It is locked.

        Raises:
            PreconditionFailed: it has changed since then.
        """
        if if_match is not None and not if_match.holds_for(self.version):
            raise PreconditionFailed(self.id, etag_of(self.version))

    def count_change(self) -> None:
        """Count a change by an organizer.

        It writes the event's row: callers that also lock ticket types do that before, as sales do.
        """
        self.version += 1

    def ensure_published(self) -> None:
        """Refuse what makes no sense before a sale.

        Raises:
            EventIsDraft: it is not published yet.
        """
        if self.is_draft:
            raise EventIsDraft(self.id)

    def ensure_on_offer(self) -> None:
        """Refuse what makes sense only for an event that could be sold.

        Raises:
            EventIsDraft: it is not published yet.
            EventIsCancelled: it was cancelled.
        """
        self.ensure_published()
        if self.cancelled_at is not None:
            raise EventIsCancelled(self.id)

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.starts_at, self.ends_at, self.all_day)

    @property
    def when(self) -> When:
        return When.there(
            self.starts_at, self.ends_at, all_day=self.all_day, time_zone=self.time_zone
        )

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


class BuyerPlaces(Base):
    """How many places one buyer holds or has bought, for events that limit it."""

    __tablename__ = "buyer_places"
    __table_args__ = (CheckConstraint("places >= 0", name="places"),)

    event_id: Mapped[EventId] = mapped_column(
        Id, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), primary_key=True)
    places: Mapped[int] = mapped_column(Integer)
