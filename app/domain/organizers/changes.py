"""What an owner changes about an organization; all else stays."""

from dataclasses import dataclass

from app.domain.events.changes import UNCHANGED, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanges:
    """Changes of an organization, by the names of ``NewOrganization``."""

    name: Change[str] = UNCHANGED
    contact_email: Change[str | None] = UNCHANGED
    reply_to: Change[str | None] = UNCHANGED
    colour: Change[str | None] = UNCHANGED
