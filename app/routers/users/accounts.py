"""Accounts of others, for admins."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.domain.errors import AccountDeleted, AccountNotFound, OwnAccount, RoleMissing
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import Admin
from app.http.dependencies import ServicesDep
from app.http.path_ids import UserIdInPath
from app.http.problems import problems
from app.http.strict_route import StrictRoute
from app.schemas.base import Text
from app.schemas.users.users import AccountChange, AccountOut

router = APIRouter(prefix="/users", tags=["users"], route_class=StrictRoute)

REFUSALS = (
    RoleMissing,
    AccountNotFound,
)


@router.get(
    "/",
    response_model=list[AccountOut],
    summary="Find an account",
    responses=problems(*REFUSALS),
)
def find_account(
    caller: Admin,
    services: ServicesDep,
    name: Annotated[
        Text,
        Query(
            min_length=1,
            max_length=254,
            description="The whole user name or e-mail address, in whatever letters.",
            examples=["testuser"],
        ),
    ],
) -> Response:
    """The one account with this name. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    found = services.account_control.find(actor=caller.actor, name=name)
    return answer([AccountOut.model_validate(found)])


@router.patch(
    "/{user_id}",
    response_model=AccountOut,
    summary="Disable or enable an account",
    responses=problems(OwnAccount, AccountDeleted, *REFUSALS),
)
def change_account(
    user_id: UserIdInPath,
    body: AccountChange,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """A disabled account is logged out at once and cannot log in. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """

    def change() -> Response:
        account = services.account_control.set_disabled(
            actor=caller.actor, user_id=user_id, disabled=body.disabled
        )
        return answer(AccountOut.model_validate(account))

    return call.run(change)


@router.delete(
    "/{user_id}/sessions",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Log an account out everywhere",
    responses=problems(*REFUSALS),
)
def log_account_out(
    user_id: UserIdInPath, caller: Admin, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """Every login of the account ends with all its tokens; it may log in again. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    return call.run(lambda: services.account_control.log_out(actor=caller.actor, user_id=user_id))
