"""Who is signed in with a browser: a cookie, and a proof in each form that the shop made it.

The cookie holds the refresh token of a login, so whatever ends the login signs the browser out. The
API knows no cookies. It ends with the browser, and with the login.
"""

import hashlib
import hmac
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from structlog.contextvars import bind_contextvars

from app.domain.ids import SessionId
from app.http.admin_log import note_operation
from app.http.browsers.languages import CALL
from app.http.concurrency_limit import UNSAFE, place_of
from app.http.dependencies import ServicesDep, own_path
from app.http.refusals import FormNotOurs
from app.http.strict_route import limits_of
from app.models.users.users import User

CSRF_FIELD: Final = "csrf"
ACCOUNT_FIELD: Final = "account"
"""Whose page a form stands on, as the page says it: a form that is kept goes back to them alone."""
PROOF_FIELDS: Final = frozenset({CSRF_FIELD, ACCOUNT_FIELD})
"""What every form of a session has."""
MOST_FIELDS: Final = 100
CONSOLE: Final = "/manage"
"""How the addresses of organizers' pages begin."""
_SAME_SITE: Final = frozenset({"same-origin", "none"})


class FormOfBefore(Exception):
    """A form of an earlier session, of who is signed in anew since: it is not done yet."""

    def __init__(self, session: "BrowserSession", fields: dict[str, str]) -> None:
        super().__init__(session.session_id)
        self.session = session
        self.fields = fields


class SignInNeeded(Exception):
    """A page is only for people who are signed in; ``path``: where they wanted to go."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """An account that is signed in with a browser."""

    user: User
    session_id: SessionId
    token: str
    """The value of the cookie."""

    @property
    def csrf(self) -> str:
        """What each form of this session has to bring along."""
        return csrf_of(self.token)


def csrf_of(token: str) -> str:
    """The proof in forms of the session whose cookie has this value."""
    return hmac.new(token.encode(), CSRF_FIELD.encode(), hashlib.sha256).hexdigest()


class PageRoute(APIRoute):
    """A route of pages with forms: a call takes its place of the concurrency limit, as in the API.

    A form that another site sent is refused, where the browser tells (``Sec-Fetch-Site``). It does
    not tell by ``Origin``, as the shop's pages ask it to name no referrer.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        place = place_of(self.endpoint, self.methods)

        async def answer_in_place(request: Request) -> Response:
            if request.method in UNSAFE and not _is_from_here(request):
                raise FormNotOurs
            async with limits_of(request).place(place, request):
                return await answer(request)

        return answer_in_place


def cookie_of(request: Request) -> str | None:
    """The value of the session's cookie, if the browser sent one."""
    return request.cookies.get(_cookie_name(request))


def brings_session() -> bool:
    """Whether the browser that asks for this page sent a session's cookie.

    It asks no database, so the session may have ended.
    """
    scope = CALL.get()
    return scope is not None and bool(cookie_of(Request(scope)))


def set_cookie(request: Request, answer: Response, token: str) -> None:
    """Sign the browser in: no script can read the cookie, and no form of other sites has it."""
    answer.set_cookie(
        _cookie_name(request),
        token,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def delete_cookie(request: Request, answer: Response) -> None:
    """Have the browser forget the cookie."""
    answer.delete_cookie(
        _cookie_name(request), path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )


def browser_if_any(request: Request, services: ServicesDep) -> BrowserSession | None:
    """The account that is signed in, or ``None``."""
    token = cookie_of(request)
    found = services.sessions.signed_in(token) if token else None
    if token is None or found is None:
        return None
    user, session_id = found
    bind_contextvars(user_id=user.id)
    return BrowserSession(user, session_id, token)


BrowserIfAny = Annotated[BrowserSession | None, Depends(browser_if_any)]


def signed_in_browser(
    request: Request, session: BrowserIfAny, services: ServicesDep
) -> BrowserSession:
    """Who is signed in. That an admin is on a page of the console is in the log of admins.

    Raises:
        SignInNeeded: no account is; after signing in a page that was only read is shown.
    """
    if session is None:
        raise SignInNeeded(own_path(request.scope) if request.method == "GET" else "")
    if own_path(request.scope).startswith(CONSOLE):
        note_operation(request, session.user, services)
    return session


def watching_browser(session: BrowserIfAny) -> BrowserSession:
    """Who is signed in, for what a page that was opened asks again and again: it is not noted.

    Raises:
        SignInNeeded: no account is.
    """
    if session is None:
        raise SignInNeeded("")
    return session


WatchingBrowser = Annotated[BrowserSession, Depends(watching_browser)]


async def form_of(request: Request) -> dict[str, str]:
    """The fields of the form that was sent, files aside."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    fields = {
        name: value.replace("\r\n", "\n")  # as browsers end the lines of a text area
        for name, value in form.items()
        if isinstance(value, str)
    }
    request.state.form = fields  # for who answers in place of the route
    return fields


FormFields = Annotated[dict[str, str], Depends(form_of)]
SignedInBrowser = Annotated[BrowserSession, Depends(signed_in_browser)]


def sending_browser(request: Request, form: FormFields, session: SignedInBrowser) -> BrowserSession:
    """Who sends a form of their own session. The form is read first: it survives signing in.

    Raises:
        SignInNeeded: no account is signed in.
        FormOfBefore: the form is of an older session; the browser says that a page of ours sent it.
        FormNotOurs: the form has not this session's proof: another site, or an older session.
    """
    if not is_of_session(session, form):
        if is_said_to_be_from_here(request):
            raise FormOfBefore(session, form)
        raise FormNotOurs
    return session


def is_of_session(session: BrowserSession, form: Mapping[str, str]) -> bool:
    """Whether the form has this session's proof."""
    return hmac.compare_digest(form.get(CSRF_FIELD, "").encode(), session.csrf.encode())


SendingBrowser = Annotated[BrowserSession, Depends(sending_browser)]


def is_said_to_be_from_here(request: Request) -> bool:
    """Whether the browser says, as no page can make it say, that a page of this shop sent it."""
    return request.headers.get("sec-fetch-site") == "same-origin"


def _is_from_here(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "same-origin") in _SAME_SITE


def _cookie_name(request: Request) -> str:
    """With https a name that only this host, by https, can set (RFC 6265bis, 4.1.3.2)."""
    return "__Host-session" if _is_secure(request) else "session"


def _is_secure(request: Request) -> bool:
    public_url: str | None = request.app.state.public_url
    return (public_url or "").startswith("https://")
