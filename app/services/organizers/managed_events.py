"""Events as the members of their organization look after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.actors import Actor
from app.domain.errors import (
    EmailNotConfirmed,
    EventNotFound,
    OrganizationRoleMissing,
    RoleMissing,
)
from app.domain.ids import EventId, OrganizationId
from app.domain.listings import EventListing
from app.domain.money import Money
from app.domain.organizers.reports import net_of
from app.domain.paging import Cursor, Page
from app.domain.payments.ledger import Account
from app.domain.permissions import Action, Rights
from app.models.organizers.organizations import Organization
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationListing
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.creators import EventCreators

MOST_CHOICES: Final = 100
"""Organizations of one account that a form names."""


@dataclass(frozen=True, slots=True)
class ManagedEvent:
    """An event with what it has sold; ``event`` has its hidden ticket types as well."""

    event: EventListing
    sold: int
    revenue: Money | None
    """What is left for the organizer, from the ledger; ``None``: it is not the caller's to see."""


@dataclass(frozen=True, slots=True)
class EventDesk:
    """One event, and what the caller may do with it."""

    shown: ManagedEvent
    rights: Rights

    def may(self, action: str) -> bool:
        """Whether the caller may do what has this name in ``Action``, for templates."""
        return self.rights.may(Action[action])


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedEventService:
    """Shows members of organizations their events, and how they sell."""

    database: Database
    creators: EventCreators

    def for_whom(self, *, organizer: User) -> Sequence[Organization | None]:
        """Of which organizations a new event of the account may be; ``None``: its personal one.

        Raises:
            RoleMissing: of none: an admin makes the account an organizer first.
            EmailNotConfirmed: of none: its address is not confirmed yet.
        """
        shared = [
            each.organization
            for each in self.where_to_create(organizer=organizer)
            if each.organization.personal_of is None
        ]
        try:
            self.creators.ensure(organizer, is_named=False)
        except (RoleMissing, EmailNotConfirmed):
            if not shared:
                raise
            return shared
        return [None, *shared]

    def where_to_create(self, *, organizer: User) -> Sequence[OrganizationListing]:
        """The organizations of the account in which it may create events, the oldest first."""
        with self.database.reading() as work:
            may = _organizations(work, organizer.actor, Action.CREATE_EVENT)
            mine = work.organizations.page_of(organizer.id, after=None, limit=MOST_CHOICES)
        return [each for each in mine.items if may is None or each.organization.id in may]

    def page(self, *, organizer: User, after: Cursor | None, limit: int) -> Page[ManagedEvent]:
        """One page of the events of all organizations of the account, the last created first.

        An account that may see no organization's events is shown none.
        """
        with self.database.reading() as work:
            seen = _organizations(work, organizer.actor, Action.SEE_EVENT)
            paid = _organizations(work, organizer.actor, Action.SEE_MONEY)
            found = work.events.managed(seen, after=after, limit=limit)
            sales = _sales(work, found.items)
        return found.of(
            lambda event: sales.of(event, with_money=paid is None or event.organization_id in paid)
        )

    def show(
        self, *, event_id: EventId, organizer: User, action: Action = Action.SEE_EVENT
    ) -> EventDesk:
        """One event, for an account with the right to do this.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.reading() as work:
            _, rights = work.event_access.with_rights(organizer.actor, event_id)
            rights.ensure(action, EventNotFound(event_id))
            event = work.events.listing(event_id, with_hidden=True, with_drafts=True)
            shown = _sales(work, [event]).of(event, with_money=rights.may(Action.SEE_MONEY))
        return EventDesk(shown, rights)


@dataclass(frozen=True, slots=True)
class _Sales:
    """What some events have sold."""

    places: Mapping[EventId, int]
    balances: Mapping[EventId, Mapping[Account, int]]

    def of(self, event: EventListing, *, with_money: bool) -> ManagedEvent:
        net = Money(net_of(self.balances[event.id]), event.currency) if with_money else None
        return ManagedEvent(event, self.places[event.id], net)


def _sales(work: UnitOfWork, events: Sequence[EventListing]) -> _Sales:
    ids = [event.id for event in events]
    return _Sales(work.reports.places_sold(ids), work.reports.balances(ids))


def _organizations(
    work: UnitOfWork, actor: Actor, action: Action
) -> Sequence[OrganizationId] | None:
    """As ``organizations_for``; an account that may do this nowhere has none."""
    try:
        return work.memberships.organizations_for(actor, action)
    except OrganizationRoleMissing:
        return []
