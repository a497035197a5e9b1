"""Organizations as values."""

from enum import StrEnum
from typing import Final

DEMO_NAME: Final = "Demo organizer"
"""The name of the organization of events created without a login."""


class OrganizationKind(StrEnum):
    """How an organization came into being."""

    PERSONAL = "personal"
    """With an account's first event; the account is its only member."""
    SHARED = "shared"
    """Made to have several members."""
    DEMO = "demo"
    """For events created without a login; it has no members."""


class InvitationState(StrEnum):
    """The states of an invitation into an organization."""

    OPEN = "open"
    """It can be accepted until it expires."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    """Taken back, or replaced by a newer one after it had expired."""
