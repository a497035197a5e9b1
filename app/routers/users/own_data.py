"""What people may do about all that is kept about them."""

from fastapi import APIRouter, Response, status

from app.domain.errors import AccountInUse, TooManyGuesses, WrongPassword
from app.http.answers import answer, no_content, without_idempotency_key
from app.http.callers import CurrentUser
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.strict_route import StrictRoute
from app.schemas.users.own_data import OwnDataOut
from app.schemas.users.users import AccountDeletion

router = APIRouter(prefix="/users/me", tags=["users"], route_class=StrictRoute)


@router.get(
    "/export",
    response_model=OwnDataOut,
    summary="Export my data",
)
def export_my_data(user: CurrentUser, services: ServicesDep) -> Response:
    """Everything about the account in one document: orders, payments, tickets, mails, logins.

    Tickets come without what opens the door. The words of mails, card numbers and passwords are not
    kept. Answers under an `Idempotency-Key` are left out; they are forgotten after a day.
    """
    return answer(OwnDataOut.of(services.users.own_data(user_id=user.id)))


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete my account",
    responses=problems(WrongPassword, TooManyGuesses, AccountInUse),
)
@without_idempotency_key  # a second call has no account
@hashes_passwords
def delete_me(body: AccountDeletion, user: CurrentUser, services: ServicesDep) -> Response:
    """For good: name, address, password and logins are gone, and the address is free again.

    Orders, payments and tickets stay in the books without names, as the law wants. Take
    `GET /users/me/export` first. Nothing is deleted while something would be lost.

    Needed first: no unfinished order, refund, valid ticket or event of yours that is not over.
    """
    services.account_deletion.delete_own(user=user, password=body.current_password)
    return no_content()
