"""Refusals about organizations and their members."""

from collections.abc import Sequence

from app.domain.errors.kinds import Forbidden, NotFound


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
