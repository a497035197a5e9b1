"""Where the links of account mails lead. Opening one changes nothing: mail scanners do that."""

from collections.abc import Collection
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Busy, EmailTaken, LinkInvalid, PasswordTooCommon
from app.domain.languages import marked
from app.domain.states import AccountRequestKind
from app.http.dependencies import ServicesDep
from app.pages.rendering import page
from app.schemas.users.users import PasswordReset
from app.services.users.account_requests import CONFIRMING

router = APIRouter(prefix="/account", include_in_schema=False)

TokenInLink = Annotated[str, Query()]
TokenInForm = Annotated[str, Form()]

ENDED: Final = marked("This link was used, has ended, or made way for a newer one.")
WRONG_LENGTH: Final = marked("A password has 8 to 128 characters.")
TOO_COMMON: Final = marked(
    "This password is one of the most common ones. Choose a less common one."
)
BUSY: Final = marked("Too much is going on right now. Try again in a moment.")

TAKEN: Final = marked(
    "Another account has this address now. Write to the people who run this shop."
)
DECLINED: Final = marked(
    "If the account had no other address, its password and its logins have ended."
)
UNDONE: Final = marked("All devices are logged out. Set a new password with the link in the mail.")


@router.get("/confirm")
def ask_to_confirm(services: ServicesDep, token: TokenInLink = "") -> HTMLResponse:
    """Which account asks for which address: buttons that confirm it, or say it is another's."""
    return _question(services, token, CONFIRMING, "account_confirm.html")


@router.post("/confirm")
def confirm(services: ServicesDep, token: TokenInForm = "") -> HTMLResponse:
    """What the first button does."""
    try:
        services.account_requests.confirm_email(token=token)
    except LinkInvalid:
        return _ended()
    except EmailTaken:
        return page("missing.html", status=409, detail=TAKEN)
    return page(
        "account_done.html", heading=marked("Your e-mail address is confirmed."), advice=None
    )


@router.post("/decline")
def decline(services: ServicesDep, token: TokenInForm = "") -> HTMLResponse:
    """What the second button does."""
    try:
        services.email_changes.decline(token=token)
    except LinkInvalid:
        return _ended()
    return page(
        "account_done.html", heading=marked("The address was not confirmed."), advice=DECLINED
    )


@router.get("/undo")
def ask_to_undo(services: ServicesDep, token: TokenInLink = "") -> HTMLResponse:
    """A button that gives the account its old address back."""
    return _question(services, token, (AccountRequestKind.UNDO_CHANGE,), "account_undo.html")


@router.post("/undo")
def undo(services: ServicesDep, token: TokenInForm = "") -> HTMLResponse:
    """What the button does."""
    try:
        services.email_changes.undo(token=token)
    except LinkInvalid:
        return _ended()
    except EmailTaken:
        return page("missing.html", status=409, detail=TAKEN)
    return page(
        "account_done.html", heading=marked("Your account has its old address."), advice=UNDONE
    )


@router.get("/reset")
def ask_for_password(services: ServicesDep, token: TokenInLink = "") -> HTMLResponse:
    """A form for the new password."""
    try:
        services.account_requests.ensure_resets(token=token)
    except LinkInvalid:
        return _ended()
    return _password_form(token)


@router.post("/reset")
def set_password(
    services: ServicesDep, token: TokenInForm = "", new_password: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """What the form does."""
    try:
        wanted = PasswordReset(token=token, new_password=new_password)
        services.account_requests.set_new_password(
            token=wanted.token, new_password=wanted.new_password
        )
    except ValidationError as error:
        is_about_token = any(mistake["loc"] == ("token",) for mistake in error.errors())
        return _ended() if is_about_token else _password_form(token, WRONG_LENGTH, status=422)
    except LinkInvalid:
        return _ended()
    except PasswordTooCommon:
        return _password_form(token, TOO_COMMON, status=422)
    except Busy:
        return _password_form(token, BUSY, status=503)
    return page(
        "account_done.html",
        is_signed_in=False,
        heading=marked("Your new password is set."),
        advice=marked("All devices are logged out. Log in with the new password from now on."),
    )


def _question(
    services: ServicesDep, token: str, kinds: Collection[AccountRequestKind], name: str
) -> HTMLResponse:
    try:
        asked = services.email_changes.look(token=token)
    except LinkInvalid:
        return _ended()
    return page(name, has_form=True, token=token, asked=asked) if asked.kind in kinds else _ended()


def _password_form(token: str, mistake: str | None = None, *, status: int = 200) -> HTMLResponse:
    return page("account_reset.html", status=status, has_form=True, token=token, mistake=mistake)


def _ended() -> HTMLResponse:
    return page("missing.html", status=404, detail=ENDED)
