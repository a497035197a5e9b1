"""Signing in with a browser, opening an account, and signing out."""

import re
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import (
    AccountDisabled,
    Conflict,
    Invalid,
    TooMany,
    TotpRequired,
    WrongCredentials,
)
from app.domain.languages import marked
from app.domain.users.sessions import client_kind_of
from app.http.browsers.sessions import (
    ACCOUNT_FIELD,
    BrowserIfAny,
    BrowserSession,
    FormFields,
    FormOfBefore,
    SendingBrowser,
    SignInNeeded,
    cookie_of,
    delete_cookie,
    set_cookie,
)
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import Client, ServicesDep, own_path
from app.http.refusals import FormNotOurs
from app.http.security_log import log_refusal
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, WHOLE, Mistakes, mistakes_in
from app.pages.refusals import refusal_page
from app.pages.rendering import PageRouter, page, see
from app.pages.users.kept_forms import (
    KEPT,
    ask_to_send,
    is_worth_keeping,
    kept_box,
    without_secrets,
)
from app.routers.users.tokens import TokenForm
from app.schemas.users.users import UserCreate
from app.services.users.logins.new_logins import TokenPair
from app.texts.catalogue import language

router = PageRouter()

HOME: Final = "/manage"
"""Where people are taken who wanted to go nowhere else."""

_OWN_PATH: Final = re.compile(r"/(?:[A-Za-z0-9_.~-][A-Za-z0-9_.~/-]*)?")
_LONGEST_PATH: Final = 300

SESSION_ENDED: Final = marked(
    "Your session has ended. Sign in: what you typed is kept, and can be sent then."
)

TOO_LONG_TO_KEEP: Final = marked(
    "Your session has ended, and what you typed is too long to be kept. Copy it first: your "
    "browser goes back to it."
)

SIGN_IN_FIELDS: Final = ("username", "password")
SIGN_UP_FIELDS: Final = ("username", "email", "password")

Next = Annotated[str, Query()]


def to_sign_in(request: Request, needed: Exception) -> Response:
    """Lead a visitor to the sign-in page, and from there to the page they wanted.

    A form that was sent is kept meanwhile.
    """
    box = kept_box(request)
    if box is not None:
        told = Mistakes({WHOLE: SESSION_ENDED if box else TOO_LONG_TO_KEEP}, 401)
        return _form("sign_in.html", {KEPT: box}, told)
    path = needed.path if isinstance(needed, SignInNeeded) else ""
    after = own_path_or_home(path)
    return see(f"/sign-in?next={after}" if after != HOME else "/sign-in")


def to_send_again(request: Request, refused: Exception) -> Response:
    """Ask a person who signed in anew meanwhile whether to send the form of the session before."""
    path = own_path(request.scope)
    if (
        isinstance(refused, FormOfBefore)
        and is_worth_keeping(path)
        and refused.fields.get(ACCOUNT_FIELD) == str(refused.session.user.id)
    ):
        fields = without_secrets(refused.fields)
        return ask_to_send(refused.session, path, fields, status=409)
    refusal = FormNotOurs()
    return refusal_page(request, refusal, detail=refusal.detail)


def own_path_or_home(path: str) -> str:
    """The path if it is plainly one of this shop, else ``HOME``.

    Browsers read two slashes, or a backslash, as the beginning of another site's address, and skip
    control characters: only letters, digits and a few marks may stand in it.
    """
    return path if len(path) <= _LONGEST_PATH and _OWN_PATH.fullmatch(path) else HOME


@router.get("/sign-in")
def ask_for_sign_in(session: BrowserIfAny, next: Next = "") -> Response:
    """A form for user name and password."""
    after = own_path_or_home(next)
    return see(after) if session else _form("sign_in.html", {"next": after})


@router.post("/sign-in")
@hashes_passwords
def sign_in(request: Request, client: Client, services: ServicesDep, form: FormFields) -> Response:
    """Start a session, which replaces the one the browser had."""
    try:
        given = TokenForm(username=form.get("username", ""), password=form.get("password", ""))
        return _signed_in(request, services, client, given.username, given.password, form)
    except TotpRequired as needed:
        return ask_for_code({**form, "step": needed.step})
    except (ValidationError, WrongCredentials, AccountDisabled, TooMany) as refusal:
        log_refusal(request, refusal)
        return _form("sign_in.html", form, mistakes_in(refusal, SIGN_IN_FIELDS))


@router.get("/sign-up")
def ask_for_sign_up(session: BrowserIfAny, next: Next = "") -> Response:
    """A form for a new account."""
    after = own_path_or_home(next)
    return see(after) if session else _form("sign_up.html", {"next": after})


@router.post("/sign-up")
@hashes_passwords
def sign_up(request: Request, client: Client, services: ServicesDep, form: FormFields) -> Response:
    """Open an account, and sign it in."""
    try:
        given = {name: form.get(name, "") for name in SIGN_UP_FIELDS}
        wanted = UserCreate.model_validate({**given, "language": language()})
        services.users.register(
            email=wanted.email,
            username=wanted.username,
            password=wanted.password,
            language=wanted.language,
            client=client,
        )
        return _signed_in(request, services, client, wanted.username, wanted.password, form)
    except (ValidationError, Conflict, Invalid, TooMany) as refusal:
        log_refusal(request, refusal)
        return _form("sign_up.html", form, mistakes_in(refusal, SIGN_UP_FIELDS))


@router.get("/sign-out")
def ask_to_sign_out(request: Request, session: BrowserIfAny) -> Response:
    """A button that does it; a browser whose session has ended forgets its cookie at once."""
    if session is not None:
        return page("sign_out.html", session=session)
    answer = see("/")
    delete_cookie(request, answer)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, services: ServicesDep, session: SendingBrowser) -> Response:
    """End the session, here and in the database."""
    services.sessions.log_out(refresh_token=session.token)
    answer = see("/")
    delete_cookie(request, answer)
    return answer


def _signed_in(
    request: Request,
    services: Services,
    client: Client,
    name: str,
    password: str,
    form: dict[str, str],
) -> Response:
    """Log in, end the session the browser had, and go on to where the person wanted to go."""
    pair = services.sessions.log_in(
        name=name,
        password=password,
        client=client,
        client_kind=client_kind_of(request.headers.get("user-agent")),
    )
    return go_on(request, services, pair, form)


def go_on(request: Request, services: Services, pair: TokenPair, form: dict[str, str]) -> Response:
    """Give the browser the session that began, and end the one it had."""
    before = cookie_of(request)
    if before:
        services.sessions.log_out(refresh_token=before)
    answer = _next(services, form, pair.refresh_token)
    set_cookie(request, answer, pair.refresh_token)
    return answer


def _next(services: Services, form: dict[str, str], token: str) -> Response:
    """To where the person wanted to go, or to what they typed before the session ended."""
    box = form.get(KEPT, "")
    found = services.sessions.signed_in(token) if box else None
    if found is not None:
        user, session_id = found
        kept = services.kept_forms.open(box=box, user_id=user.id)
        if kept is not None:
            return ask_to_send(BrowserSession(user, session_id, token), kept.path, kept.fields)
    return see(own_path_or_home(form.get("next", "")))


def ask_for_code(form: dict[str, str], mistakes: Mistakes = NO_MISTAKES) -> HTMLResponse:
    """The form of the second step, which carries the proof of the first along."""
    carried = {name: form.get(name, "") for name in ("step", "next", KEPT)}
    return _form("sign_in_code.html", carried, mistakes)


def ask_for_password(form: dict[str, str], mistakes: Mistakes) -> HTMLResponse:
    """The form of the first step once more."""
    carried = {name: form.get(name, "") for name in ("next", KEPT)}
    return _form("sign_in.html", carried, mistakes)


def _form(template: str, form: dict[str, str], mistakes: Mistakes = NO_MISTAKES) -> HTMLResponse:
    """The form with what was written into it, passwords aside."""
    values = {name: text for name, text in form.items() if name != "password"}
    after = own_path_or_home(values.get("next", ""))
    return page(
        template,
        mistakes=mistakes,
        has_form=True,
        is_signed_in=False,  # or not any more: the session of the cookie has ended
        values=values,
        after=after,
    )
