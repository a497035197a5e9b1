from fastapi import APIRouter, Response, status

from app.domain.errors import (
    EmailConfirmedAlready,
    EmailTaken,
    LinkInvalid,
    PasswordTooCommon,
    TooManyMails,
)
from app.http.answers import IdempotentCallDep, accepted, no_content, without_idempotency_key
from app.http.callers import CurrentUser, public
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import Client, ServicesDep
from app.http.openapi.responses import link, problems
from app.http.strict_route import StrictRoute
from app.schemas.users.users import (
    EmailConfirmation,
    MailPromised,
    PasswordReset,
    PasswordResetRequest,
)

router = APIRouter(prefix="/users", tags=["users"], route_class=StrictRoute)


@router.post(
    "/password-resets",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=MailPromised,
    summary="Request a password reset",
    responses={202: {"links": link("reset_password")}, **problems(TooManyMails)},
)
@without_idempotency_key
@public
def request_password_reset(
    body: PasswordResetRequest, client: Client, services: ServicesDep
) -> Response:
    """Mails a link that is good for an hour, if the address belongs to an account.

    The answer is the same if it does not.
    """
    services.account_requests.request_reset(email=body.email, client=client)
    return accepted(
        MailPromised(message="If the address belongs to an account, a mail is on its way.")
    )


@router.post(
    "/password-resets/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Reset a password",
    responses=problems(LinkInvalid, PasswordTooCommon),
)
@without_idempotency_key
@hashes_passwords
@public
def reset_password(body: PasswordReset, services: ServicesDep) -> Response:
    """Takes the link's `token`, once. Every login of the account ends: log in again.

    Needed first: the token from the link in the mail.
    """
    services.account_requests.set_new_password(token=body.token, new_password=body.new_password)
    return no_content()


@router.post(
    "/me/email-confirmation",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=MailPromised,
    summary="Resend the confirmation mail",
    responses=problems(EmailConfirmedAlready, TooManyMails),
)
def resend_email_confirmation(
    user: CurrentUser, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """The first is sent on registration and with a new address; earlier links end."""

    def send() -> MailPromised:
        services.account_requests.send_confirmation(user_id=user.id)
        return MailPromised(message="A mail with the link is on its way.")

    return call.run(send)


@router.post(
    "/email-confirmations/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Confirm an e-mail address",
    responses=problems(LinkInvalid, EmailTaken),
)
@without_idempotency_key
@public
def confirm_email(body: EmailConfirmation, services: ServicesDep) -> Response:
    """Takes the link's `token`, once. A new address is the account's from now on.

    Needed first: the token from the link in the mail.
    """
    services.account_requests.confirm_email(token=body.token)
    return no_content()
