"""Refusals about organizations and their members."""

from collections.abc import Sequence

from app.domain.errors.kinds import Conflict, Forbidden, Invalid, NotFound, TooMany


class OrganizationNotFound(NotFound):
    title = "No organization of yours has this id."

    def __init__(self, organization_id: int) -> None:
        super().__init__(
            f"You are in no organization {organization_id}.", organization_id=organization_id
        )


class OrganizationRoleMissing(Forbidden):
    title = "Your role in the organization does not allow this."

    def __init__(self, action: str, needed: Sequence[str]) -> None:
        roles = " or ".join(filter(None, (", ".join(needed[:-1]), needed[-1])))
        super().__init__(
            f"Your role in the organization does not allow to {action}. It takes the role {roles}.",
            needed=", ".join(needed),
        )


class OrganizationNotShared(Conflict):
    title = "This organization takes no members."

    def __init__(self, organization_id: int) -> None:
        super().__init__(
            f"Organization {organization_id} takes no members: it is a personal one, or "
            "the demo's. Make one with POST /organizations/ and hand your events over to it.",
            organization_id=organization_id,
        )


class OrganizationHasEvents(Conflict):
    title = "The organization has events."

    def __init__(self, organization_id: int) -> None:
        super().__init__(
            f"Organization {organization_id} has events, and what was sold for them stays in the "
            "books. Hand them over to another organization first, or delete those without orders.",
            organization_id=organization_id,
        )


class OrganizationNotDeletable(Conflict):
    title = "This organization cannot be deleted."

    def __init__(self, organization_id: int) -> None:
        super().__init__(
            f"Organization {organization_id} cannot be deleted: it is a personal one, which goes "
            "with its account, or the demo's.",
            organization_id=organization_id,
        )


class MemberNotFound(NotFound):
    title = "The organization has no such member."

    def __init__(self, user_id: int) -> None:
        super().__init__(f"The organization has no member {user_id}.", user_id=user_id)


class LastOwner(Conflict):
    title = "An organization keeps at least one owner."

    def __init__(self, organization_id: int) -> None:
        super().__init__(
            f"Organization {organization_id} has no other owner. Make another member its owner "
            "first.",
            organization_id=organization_id,
        )


class MemberAlready(Conflict):
    title = "The account is a member already."

    def __init__(self, organization_id: int) -> None:
        super().__init__(
            f"The account with this address is in organization {organization_id} already. Change "
            "its role instead.",
            organization_id=organization_id,
        )


class InvitationOpen(Conflict):
    title = "The address has an open invitation."

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is invited already. Revoke that invitation to send a new one.")


class InvitationNotFound(NotFound):
    title = "The organization has no open invitation with this id."

    def __init__(self, invitation_id: int) -> None:
        super().__init__(
            f"The organization has no open invitation {invitation_id}.",
            invitation_id=invitation_id,
        )


class PeriodInvalid(Invalid):
    title = "A period has to begin before it ends."

    def __init__(self) -> None:
        super().__init__(
            "`until` is the day behind the last one: give one that is later than `from`.",
            errors=[{"pointer": "/until", "detail": "is not later than from", "in": "query"}],
        )


class ExportNotFound(NotFound):
    title = "No prepared export of yours has this id."

    def __init__(self, export_id: int) -> None:
        super().__init__(f"You have no prepared export {export_id}.", export_id=export_id)


class ExportNotReady(Conflict):
    title = "The export is not ready to be downloaded."

    def __init__(self, export_id: int, state: str) -> None:
        super().__init__(
            f"Export {export_id} is {state}; its file can be downloaded once it is ready.",
            export_id=export_id,
            state=state,
        )


class TooManyExports(TooMany):
    title = "Too many exports were asked for today."
    sentence = "You have asked for 50 exports within a day; wait, or download what was prepared."
