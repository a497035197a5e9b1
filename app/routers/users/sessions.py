"""A person's own logins."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from app.domain.errors import Busy, DatabaseUnavailable, NotLoggedIn, SessionNotFound
from app.domain.ids import MAX_ID, SessionId
from app.domain.paging import Cursor, CursorInvalid, Page
from app.http.dependencies import (
    LINK_HEADER,
    CurrentSession,
    CurrentUser,
    CursorText,
    Limit,
    ServicesDep,
)
from app.http.problems import problems
from app.http.refusals import ValidationFailed
from app.http.strict_route import StrictRoute
from app.schemas.users.users import SessionOut

router = APIRouter(prefix="/users/me/sessions", tags=["users"], route_class=StrictRoute)

REFUSALS = (NotLoggedIn, ValidationFailed, Busy, DatabaseUnavailable)


@router.get(
    "",
    response_model=list[SessionOut],
    summary="List my logins",
    responses={200: {"headers": LINK_HEADER}, **problems(CursorInvalid, *REFUSALS)},
)
def list_sessions(
    user: CurrentUser,
    current: CurrentSession,
    services: ServicesDep,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> Page[SessionOut]:
    """Those that can still be used, the newest first. Pages are linked by the header `Link`."""
    after = Cursor.behind(cursor, sort="-id")
    page = services.sessions.page(user_id=user.id, after=after, limit=limit)
    return page.of(lambda login: SessionOut.of(login, current=current))


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="End my other logins",
    responses=problems(*REFUSALS),
)
def end_other_sessions(user: CurrentUser, current: CurrentSession, services: ServicesDep) -> None:
    """All but the one that asks, with all their tokens."""
    services.sessions.end_others(user_id=user.id, current=current)


@router.delete(
    "/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="End one of my logins",
    responses=problems(SessionNotFound, *REFUSALS),
)
def end_session(
    session_id: Annotated[int, Path(ge=1, le=MAX_ID, examples=[2])],
    user: CurrentUser,
    services: ServicesDep,
) -> None:
    """All its tokens end at once. A new password ends all logins: `POST /users/me/password`.

    Needed first: a second login, so that this page stays logged in.
    """
    services.sessions.end(user_id=user.id, session_id=SessionId(session_id))
