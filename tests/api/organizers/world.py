"""An organization with a member of each role, people around it, and one row of everything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.domain.ids import OrganizationId
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from tests.api.conftest import Headers, Person
from tests.api.described_operations import Operation
from tests.steps.organizations import Band
from tests.support.factories import Factory

BODIES: Final[dict[str, Any]] = {
    "POST /events/{event_id}/staff": {"name": "nobody"},
    "POST /events/{event_id}/handover": {"organization_id": 1},
}
"""In place of the examples: what changes nothing for those who are tried next."""


@dataclass(frozen=True)
class World:
    """What is tried: event, order, ticket and refund 1 belong to organization 1."""

    api: httpx.Client
    operations: Mapping[str, Operation]
    people: Mapping[str, Headers]
    scanner: Headers
    organization_id: OrganizationId

    def call(self, name: str, who: str | None, *, row: int = 1) -> httpx.Response:
        return self.send(name, {} if who is None else self.people[who], row=row)

    def send(self, name: str, headers: Headers, *, row: int = 1) -> httpx.Response:
        operation = self.operations[name]
        body = BODIES.get(name, operation.example) if operation.body else None
        path = operation.path.replace("/1", f"/{row}")
        return self.api.request(operation.method, path, json=body, headers=headers)


def build(
    services: Services,
    make: Factory,
    api: httpx.Client,
    operations: Mapping[str, Operation],
    enter: Callable[[str, Role], Person],
) -> World:
    """The world before anybody calls."""
    spare = enter("spare", Role.BUYER)  # account 1, whom owners change and remove
    people = {str(role): enter(role, Role.BUYER) for role in OrganizationRole}
    band = Band(services, make, owner=people["owner"].user)
    band.join(spare.user, OrganizationRole.CHECKER)
    for role in OrganizationRole:
        if role != OrganizationRole.OWNER:
            band.join(people[role].user, role)
    people |= {
        "rival": enter("rival", Role.ORGANIZER),
        "admin": enter("admin", Role.ADMIN),
        "buyer": enter("buyer", Role.BUYER),
        "stranger": enter("stranger", Role.BUYER),
    }
    owner, buyer = people["owner"].user, people["buyer"].user
    event = make.event(organizer=owner, organization_id=band.id)
    make.event(organizer=people["rival"].user)
    bought = make.buy(buyer, event.id, quantity=2)
    services.refund_requests.request_refund(
        order_id=bought.order.id, caller=owner, ticket_ids=[bought.tickets[1].id]
    )
    made = services.devices.prepare(
        event_id=event.id, organizer=owner, name="Phone", gate=None, url_of=str
    )
    token, _ = services.devices.enrol(code=made.code)
    return World(
        api=api,
        operations=operations,
        people={name: person.headers for name, person in people.items()},
        scanner={"Authorization": f"Bearer {token}"},
        organization_id=band.id,
    )
