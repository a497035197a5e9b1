"""Mails about accounts."""

from dataclasses import dataclass
from typing import Final

from app.domain.ids import AccountRequestId, TwoStepId
from app.domain.ports import Clock, Mail, MailBudgetName
from app.domain.states import OutboxKind
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called, reads

PATHS: Final = {
    OutboxKind.PASSWORD_RESET: "/account/reset",
    OutboxKind.SIGN_IN_LINK: "/sign-in/link",
    OutboxKind.EMAIL_CONFIRMATION: "/account/confirm",
    OutboxKind.EMAIL_CHANGE_ASKED: "/account/undo",
}
"""Where the secret links lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMails:
    writer: MailWriter
    clock: Clock

    def with_link(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the address of a request: a secret link, which exists nowhere but in the mail.

        No flood of mail holds it up, as few an hour are made, but that to a new address, which asks
        whether its reader is the owner of the account.
        """
        request = work.account_requests.find(AccountRequestId(message.subject_id))
        if request is None or not request.is_open(self.clock.now()):
            return None
        user = work.users.get(request.user_id)
        token = self.writer.links.issue(request.link_subject)
        is_confirmation = message.kind == OutboxKind.EMAIL_CONFIRMATION
        return self.writer.write(
            work,
            message,
            to=request.email,
            language=reads(user),
            budget=MailBudgetName.CONFIRMATIONS if is_confirmation else None,
            person=called(user),
            username=user.username,
            email=request.email,
            link=f"{self.writer.public_url}{PATHS[message.kind]}?token={token}",
        )

    def about_two_step(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the owner: a code is asked for from now on, or the password is enough again.

        No flood of mail holds it up.
        """
        secret = work.two_step.get(TwoStepId(message.subject_id))
        if secret is None:
            return None
        user = work.users.get(secret.user_id)
        return self.writer.write_to(
            work,
            message,
            user,
            budget=None,
            person=called(user),
            email=user.email,
            link=f"{self.writer.public_url}/account/forgotten",
        )
