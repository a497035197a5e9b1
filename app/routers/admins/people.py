"""What admins change about accounts, each with a reason that the log of admins keeps."""

from fastapi import APIRouter, Response, status

from app.domain.errors import (
    AccountDeleted,
    AccountNotFound,
    AccountOfGuest,
    AddressNotConfirmed,
    LastAdmin,
    OwnAccount,
    TwoStepOff,
)
from app.http.answers import IdempotentCallDep
from app.http.callers import Admin
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import UserIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.admins.actions import ReasonIn
from app.schemas.admins.people import PersonOut, RoleChange

router = APIRouter(prefix="/admin/people/{user_id}", tags=["admin"], route_class=StrictRoute)


@router.post(
    "/disable",
    response_model=PersonOut,
    summary="Disable an account",
    responses=problems(OwnAccount, LastAdmin, AccountNotFound),
)
def disable_account(
    user_id: UserIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """It is logged out at once and cannot log in. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """

    def disable() -> PersonOut:
        account = services.account_control.set_disabled(
            actor=caller.actor, user_id=user_id, disabled=True, reason=body.reason
        )
        return PersonOut.model_validate(account)

    return call.run(disable)


@router.post(
    "/enable",
    response_model=PersonOut,
    summary="Enable an account",
    responses=problems(AccountDeleted, AccountNotFound),
)
def enable_account(
    user_id: UserIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """A disabled account may log in again. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """

    def enable() -> PersonOut:
        account = services.account_control.set_disabled(
            actor=caller.actor, user_id=user_id, disabled=False, reason=body.reason
        )
        return PersonOut.model_validate(account)

    return call.run(enable)


@router.post(
    "/role",
    response_model=PersonOut,
    summary="Change an account's role",
    responses=problems(
        AccountDeleted, AccountOfGuest, AddressNotConfirmed, LastAdmin, AccountNotFound
    ),
)
def change_role(
    user_id: UserIdInPath,
    body: RoleChange,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Grants or removes the roles `organizer` and `admin`; one admin is always left. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """

    def change() -> PersonOut:
        account = services.account_control.set_role(
            actor=caller.actor, user_id=user_id, role=body.role, reason=body.reason
        )
        return PersonOut.model_validate(account)

    return call.run(change)


@router.post(
    "/log-out",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Log an account out everywhere",
    responses=problems(AccountNotFound),
)
def log_account_out(
    user_id: UserIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Every login of the account ends with all its tokens; it may log in again. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    return call.run(
        lambda: services.account_control.log_out(
            actor=caller.actor, user_id=user_id, reason=body.reason
        )
    )


@router.post(
    "/reset-two-step",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Reset an account's two-step sign-in",
    responses=problems(OwnAccount, TwoStepOff, AccountNotFound),
)
def reset_two_step(
    user_id: UserIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """For an owner who lost the app and the recovery codes: the password alone is enough then.

    Every login of the account ends, and a mail tells its owner. Make sure first that it is the
    owner who asks. Admins only.

    Needed first: an account that signs in in two steps.
    """
    return call.run(
        lambda: services.two_step.reset(actor=caller.actor, user_id=user_id, reason=body.reason)
    )
