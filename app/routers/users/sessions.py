"""A person's own logins."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from app.domain.errors import SessionNotFound
from app.domain.ids import MAX_ID, SessionId
from app.http.answers import IdempotentCallDep, PagingDep
from app.http.callers import CurrentSession, CurrentUser, Owner
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.strict_route import StrictRoute
from app.schemas.users.users import SessionOut

router = APIRouter(prefix="/users/me/sessions", tags=["users"], route_class=StrictRoute)


@router.get(
    "",
    response_model=list[SessionOut],
    summary="List my sessions",
)
def list_sessions(
    user: CurrentUser,
    current: CurrentSession,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """Those that can still be used, the newest first. Pages are linked by the header `Link`."""
    page = services.sessions.page(user_id=user.id, after=paging.after("-id"), limit=paging.limit)
    return paging.answer(page.of(lambda login: SessionOut.of(login, current=current)))


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="End my other sessions",
)
def end_other_sessions(
    user: CurrentUser, current: CurrentSession, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """All but the one that asks, with all their tokens."""
    return call.run(lambda: services.sessions.end_others(user_id=user.id, current=current))


@router.delete(
    "/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="End a session",
    responses=problems(SessionNotFound),
)
def end_session(
    session_id: Annotated[int, Path(ge=1, le=MAX_ID, examples=[2])],
    user: Owner,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """All its tokens end at once. A new password ends all logins: `POST /users/me/password`.

    Needed first: a second login, so that this page stays logged in.
    """
    return call.run(
        lambda: services.sessions.end(user_id=user.id, session_id=SessionId(session_id))
    )
