"""Signing in by a link in a mail: a form that asks for it, and where the link leads.

Opening the link changes nothing, as mail scanners do that: a button signs in.
"""

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import LinkInvalid, TooManyMails, TotpRequired
from app.domain.languages import marked
from app.domain.users.sessions import client_kind_of
from app.http.browsers.sessions import FormFields
from app.http.dependencies import Client, ServicesDep
from app.http.security_log import log_refusal
from app.pages.accounts import ENDED
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.rendering import PageRouter, page
from app.pages.users.signing_in import ask_for_code, go_on
from app.schemas.users.users import PasswordResetRequest

router = PageRouter("/sign-in/link")


@router.get("")
def open_link(services: ServicesDep, token: Annotated[str, Query()] = "") -> HTMLResponse:
    """A form for the address; with a token, whom the link signs in, and a button that does."""
    if not token:
        return _form({})
    try:
        user = services.sign_in_links.look(token=token)
    except LinkInvalid:
        return _ended()
    return page("sign_in_link_open.html", has_form=True, token=token, user=user)


@router.post("")
def request_link(
    request: Request, client: Client, services: ServicesDep, form: FormFields
) -> HTMLResponse:
    """Mail the link, if an account confirmed this address; the page is the same if none did."""
    try:
        wanted = PasswordResetRequest(email=form.get("email", ""))
        services.sign_in_links.request(email=wanted.email, client=client)
    except (ValidationError, TooManyMails) as refusal:
        log_refusal(request, refusal)
        return _form(form, mistakes_in(refusal, ("email",)))
    return page(
        "account_done.html",
        heading=marked("Look into your mailbox."),
        advice=marked(
            "If an account has confirmed this address, a mail is on its way. Its link signs you in "
            "once, and is good for 15 minutes."
        ),
    )


@router.post("/open")
def sign_in(
    request: Request,
    client: Client,
    services: ServicesDep,
    token: Annotated[str, Form()] = "",
) -> Response:
    """Start a session, which replaces the one the browser had."""
    try:
        pair = services.sign_in_links.sign_in(
            token=token,
            client=client,
            client_kind=client_kind_of(request.headers.get("user-agent")),
        )
    except TotpRequired as needed:
        return ask_for_code({"step": needed.step})
    except LinkInvalid as refusal:
        log_refusal(request, refusal)
        return _ended()
    return go_on(request, services, pair, {})


def _form(values: dict[str, str], mistakes: Mistakes = NO_MISTAKES) -> HTMLResponse:
    return page("sign_in_link.html", mistakes=mistakes, has_form=True, values=values)


def _ended() -> HTMLResponse:
    return page("missing.html", status=404, detail=ENDED)
