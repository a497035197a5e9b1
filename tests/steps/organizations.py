"""An organization with members, for tests."""

import re
from functools import cached_property

from app.clients.security.tokens import HmacLinkTokens
from app.domain.ids import OrganizationId
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.models.organizers.invitations import Invitation
from app.models.users.users import User
from app.services.organizers.organizations import NewOrganization
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer
from tests.support.outside import SECRET_KEY

LINKS = HmacLinkTokens(SECRET_KEY)
TOKEN = re.compile(r"/invitation\?token=(\S+)")


def token_of(mailer: FakeMailer, email: str) -> str:
    """The secret in the last invitation sent to the address."""
    sent = [mail.text for mail in mailer.sent if mail.to == email and TOKEN.search(mail.text)]
    found = TOKEN.search(sent[-1])
    assert found is not None
    return found[1]


class Band:
    """A shared organization called Band, of one owner to begin with."""

    def __init__(self, services: Services, make: Factory, *, owner: User | None = None) -> None:
        self._services = services
        self._make = make
        self.owner = owner or make.user(name="bandleader")
        self.id: OrganizationId = services.organizations.create(
            owner=self.owner, new=NewOrganization(name="Band")
        ).organization.id

    @cached_property
    def stranger(self) -> User:
        return self._make.user()

    def invite(self, email: str, role: OrganizationRole) -> Invitation:
        return self._services.invitations.invite(
            owner=self.owner, organization_id=self.id, email=email, role=role
        )

    def member(self, role: OrganizationRole, *, name: str | None = None) -> User:
        """A person who joined, by the link of an invitation."""
        user = self._make.user(name=name)
        self.join(user, role)
        return user

    def join(self, user: User, role: OrganizationRole) -> None:
        invitation = self.invite(user.email, role)
        self._services.invitations.accept(token=LINKS.issue(invitation.link_subject))
