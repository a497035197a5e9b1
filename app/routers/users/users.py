from fastapi import APIRouter, Response, status

from app.domain.errors import (
    EmailTaken,
    PasswordNeeded,
    PasswordTooCommon,
    TooManyGuesses,
    TooManyMails,
    TooManyRegistrations,
    UsernameTaken,
    WrongPassword,
)
from app.http.answers import answer, created, no_content, without_idempotency_key
from app.http.callers import CurrentUser, public
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import Client, ServicesDep
from app.http.openapi.responses import link, problems
from app.http.strict_route import StrictRoute
from app.schemas.users.users import PasswordChange, UserChange, UserCreate, UserOut

router = APIRouter(prefix="/users", tags=["users"], route_class=StrictRoute)
passwords = APIRouter(prefix="/users", tags=["passwords"], route_class=StrictRoute)
"""Below everything else on `/docs`: after a new password the page has to be authorized anew."""

LOG_IN_LINK = link(
    "log_in",
    body={"username": "$request.body#/username", "password": "$request.body#/password"},
)


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    response_model=UserOut,
    summary="Register an account",
    responses={
        201: {"links": LOG_IN_LINK},
        **problems(EmailTaken, UsernameTaken, PasswordTooCommon, TooManyRegistrations),
    },
)
@without_idempotency_key  # there is a password in the body
@hashes_passwords
@public
def register(body: UserCreate, client: Client, services: ServicesDep) -> Response:
    """Open an account. Then log in with `POST /token`, or with **Authorize** on this page."""
    user = services.users.register(
        email=body.email,
        username=body.username,
        password=body.password,
        full_name=body.full_name,
        language=body.language,
        client=client,
    )
    return created(UserOut.model_validate(user))


@router.get(
    "/me",
    response_model=UserOut,
    summary="Show my account",
)
def show_me(user: CurrentUser) -> Response:
    """The account the access token speaks for."""
    return answer(UserOut.model_validate(user))


@router.patch(
    "/me",
    response_model=UserOut,
    summary="Change my account",
    responses=problems(
        EmailTaken, UsernameTaken, PasswordNeeded, WrongPassword, TooManyGuesses, TooManyMails
    ),
)
@without_idempotency_key  # there is a password in the body
@hashes_passwords
def change_me(body: UserChange, user: CurrentUser, services: ServicesDep) -> Response:
    """Change the address, user name or full name; what is left out stays.

    A new `email` takes the `current_password`. It is shown and used once the link in the mail to it
    is opened; a mail to the old address, if that was confirmed, says how to take it back.
    """
    changed = services.users.edit(
        user_id=user.id,
        email=body.email,
        username=body.username,
        full_name=body.full_name,
        language=body.language,
        current_password=body.current_password,
    )
    return answer(UserOut.model_validate(changed))


@passwords.post(
    "/me/password",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Change my password",
    responses=problems(WrongPassword, TooManyGuesses, PasswordTooCommon),
)
@without_idempotency_key  # there is a password in the body
@hashes_passwords
def change_password(body: PasswordChange, user: CurrentUser, services: ServicesDep) -> Response:
    """Set a new password. Every login of the account ends, this one too: log in again."""
    services.users.change_password(
        user_id=user.id, current=body.current_password, new=body.new_password
    )
    return no_content()
