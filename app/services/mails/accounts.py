from dataclasses import dataclass

from app.domain.ids import AccountRequestId, TwoStepId
from app.domain.ports import Clock, LinkTokens, Mail, MailBudgetName
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMails:
    """Mails with a secret link, which exists nowhere but in them."""

    writer: MailWriter
    links: LinkTokens
    clock: Clock

    def password_reset(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To one who forgot the password. No flood of mail holds it up; few an hour are made."""
        return self._with_link(work, message, "password_reset", "/account/reset")

    def sign_in_link(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To one who wants to sign in. No flood of mail holds it up; few an hour are made."""
        return self._with_link(work, message, "sign_in_link", "/sign-in/link")

    def email_confirmation(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To a new address: is its reader the owner of the account?"""
        budget = MailBudgetName.CONFIRMATIONS
        return self._with_link(work, message, "email_confirmation", "/account/confirm", budget)

    def email_change_asked(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the old address: the link that undoes the change. No flood of mail holds it up."""
        return self._with_link(work, message, "email_change_asked", "/account/undo")

    def two_step_on(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the owner: a code is asked for from now on. No flood of mail holds it up."""
        return self._about_two_step(work, message, "two_step_on")

    def two_step_off(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the owner: the password is enough again."""
        return self._about_two_step(work, message, "two_step_off")

    def _about_two_step(self, work: UnitOfWork, message: OutboxMessage, name: str) -> Mail | None:
        secret = work.two_step.get(TwoStepId(message.subject_id))
        if secret is None:
            return None
        user = work.users.get(secret.user_id)
        return self.writer.write(
            work,
            message,
            name,
            to=user.email,
            language=reads(user),
            person=called(user),
            budget=None,
            email=user.email,
            link=f"{self.writer.public_url}/account/forgotten",
        )

    def _with_link(
        self,
        work: UnitOfWork,
        message: OutboxMessage,
        name: str,
        path: str,
        budget: MailBudgetName | None = None,
    ) -> Mail | None:
        request = work.account_requests.find(AccountRequestId(message.subject_id))
        if request is None or not request.is_open(self.clock.now()):
            return None
        user = work.users.get(request.user_id)
        token = self.links.issue(request.link_subject)
        return self.writer.write(
            work,
            message,
            name,
            to=request.email,
            language=reads(user),
            person=called(user),
            budget=budget,
            username=user.username,
            email=request.email,
            link=f"{self.writer.public_url}{path}?token={token}",
        )
