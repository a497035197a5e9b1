"""Signing in in two steps: switched on with an authenticator app, and off again."""

import base64
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import (
    EmailNotConfirmed,
    TicketingError,
    TooMany,
    TotpWrong,
    TwoStepOff,
    TwoStepOn,
    WrongPassword,
)
from app.domain.languages import marked
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import ServicesDep, public_url
from app.http.security_log import log_refusal
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, WHOLE, Mistakes, mistake_at, mistakes_in
from app.pages.rendering import PageRouter, page, see

router = PageRouter("/account/two-step")

FIELDS: Final = ("current_password", "totp")
LONGEST: Final = 128
CONFIRM_FIRST: Final = marked(
    "Confirm your e-mail address first: it is where we tell you when this is switched on or off."
)
TOO_LONG_AGO: Final = marked("Setting it up took too long. Begin again.")
ON_ALREADY: Final = marked(
    "It is on already. If you have not seen the recovery codes, switch it off and on again."
)
WORDS: Final[dict[type[TicketingError], str]] = {
    EmailNotConfirmed: CONFIRM_FIRST,
    TwoStepOff: TOO_LONG_AGO,
}


@router.get("")
def show_two_step(session: SignedInBrowser, services: ServicesDep) -> HTMLResponse:
    """Whether it is on, and the form that changes that."""
    return _shown(session, services)


@router.post("/begin")
@hashes_passwords
def begin(
    request: Request, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Show the QR code that an app reads, and ask for its first code."""
    try:
        password = form.get("current_password", "")[:LONGEST]
        services.two_step.begin(user=session.user, password=password)
    except (EmailNotConfirmed, WrongPassword, TwoStepOn, TooMany) as refusal:
        return _refused(request, session, services, refusal)
    return _set_up(request, session, services)


@router.post("/confirm")
def confirm(
    request: Request, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Switch it on with the app's first code; the recovery codes are shown, this once."""
    try:
        codes = services.two_step.confirm(
            user=session.user, session_id=session.session_id, code=form.get("totp", "")[:LONGEST]
        )
    except (TotpWrong, TooMany) as refusal:
        log_refusal(request, refusal)
        try:
            return _set_up(request, session, services, mistakes_in(refusal, FIELDS))
        except TwoStepOff as ended:
            return _refused(request, session, services, ended)
    except TwoStepOff as refusal:
        return _refused(request, session, services, refusal)
    text = "\n".join(codes) + "\n"
    return page(
        "two_step_codes.html",
        session=session,
        codes=codes,
        file=f"data:text/plain;base64,{base64.b64encode(text.encode()).decode()}",
    )


@router.post("/off")
@hashes_passwords
def switch_off(
    request: Request, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Sign in with the password alone again."""
    try:
        services.two_step.switch_off(
            user=session.user,
            password=form.get("current_password", "")[:LONGEST],
            code=form.get("totp", "")[:LONGEST],
        )
    except TwoStepOff:
        pass  # as wanted
    except (WrongPassword, TotpWrong, TooMany) as refusal:
        return _refused(request, session, services, refusal)
    return see("/account/two-step")


def _refused(
    request: Request, session: BrowserSession, services: Services, refusal: TicketingError
) -> HTMLResponse:
    log_refusal(request, refusal)
    words = WORDS.get(type(refusal))
    if isinstance(refusal, TwoStepOff) and services.two_step.show(user=session.user).since:
        words = ON_ALREADY  # the button was pressed twice
    told = mistake_at(WHOLE, refusal, words) if words else mistakes_in(refusal, FIELDS)
    return _shown(session, services, told)


def _set_up(
    request: Request,
    session: BrowserSession,
    services: Services,
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    issuer = urlsplit(public_url(request)).hostname or "Tickets"
    shown = services.two_step.set_up(user=session.user, issuer=issuer)
    return page(
        "two_step_set_up.html",
        session=session,
        mistakes=mistakes,
        secret=" ".join(shown.secret[at : at + 4] for at in range(0, len(shown.secret), 4)),
        picture=f"data:image/svg+xml;base64,{base64.b64encode(shown.qr_svg).decode()}",
    )


def _shown(
    session: BrowserSession,
    services: Services,
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "two_step.html",
        session=session,
        mistakes=mistakes,
        state=services.two_step.show(user=session.user),
    )
