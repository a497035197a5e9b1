from typing import Self

from pydantic import ConfigDict, Field

from app.domain.ids import OrganizationId
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.schemas.admins.actions import AdminActionOut, Reason
from app.schemas.base import Moment, RequestBody, ResponseBody
from app.schemas.orders.orders import OrderOut
from app.schemas.users.users import UserOut
from app.services.admins.records import PersonRecord


class PersonOut(UserOut):
    """An account, as admins see it, or a guest."""

    is_guest: bool = Field(description="Whether it bought without an account and cannot log in.")
    disabled_at: Moment | None = Field(description="Since when it cannot log in.")


class PersonMembershipOut(ResponseBody):
    """An organization the account is in."""

    organization_id: OrganizationId
    name: str = Field(examples=["Jazz Collective"])
    role: OrganizationRole | None = Field(examples=["owner"])


class PersonDetailOut(PersonOut):
    """An account with its organizations, latest orders, and what admins did about it."""

    two_step_since: Moment | None = Field(
        description="Since when it signs in in two steps; none: in one."
    )
    organizations: list[PersonMembershipOut]
    orders: list[OrderOut] = Field(description="The latest twenty.")
    admin_actions: list[AdminActionOut] = Field(description="The latest twenty.")

    @classmethod
    def of(cls, record: PersonRecord) -> Self:
        return cls.from_fields(
            record.user,
            two_step_since=record.two_step_since,
            organizations=[
                PersonMembershipOut.from_fields(
                    each, each.organization, organization_id=each.organization.id
                )
                for each in record.organizations
            ],
            orders=[OrderOut.of(order) for order in record.orders],
            admin_actions=record.actions,
        )


class RoleChange(RequestBody):
    """Another role of an account, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"role": "organizer", "reason": "Asked for by phone"}]}
    )

    role: Role = Field(
        strict=False,
        description="From its next call on: an organizer creates events, an admin may do "
        "everything. More rights take a confirmed address.",
    )
    reason: Reason
