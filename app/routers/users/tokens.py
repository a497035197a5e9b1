from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.domain.errors import (
    AccountDisabled,
    RefreshTokenInvalid,
    TooManyGuesses,
    TooManyLogins,
    TotpRequired,
    TotpWrong,
    WrongCredentials,
)
from app.domain.users.sessions import client_kind_of
from app.http.answers import answer, no_content, without_idempotency_key
from app.http.callers import public
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import Client, ServicesDep
from app.http.openapi.responses import link, problems
from app.http.refusals import ValidationFailed
from app.http.strict_route import StrictRoute, also_as_form
from app.schemas.base import NO_NUL, Text
from app.schemas.users.users import RefreshRequest, TokenOut
from app.services.users.logins.new_logins import TokenPair

router = APIRouter(prefix="/token", tags=["users"], route_class=StrictRoute)


def _describe_as_password_grant(schema: dict[str, Any]) -> None:
    """Tell the usual grant's fields as needed; the other one is told of in words."""
    schema["required"] = ["username", "password"]
    for name in schema["required"]:
        del schema["properties"][name]["default"]


_REFRESH_TOKEN = {"refresh_token": "$response.body#/refresh_token"}
SESSION_LINKS = {
    **link("refresh_access_token", body=_REFRESH_TOKEN),
    **link("log_out", body=_REFRESH_TOKEN),
}


# A form has no null: what is absent is left out.
Grant = Annotated[
    Literal["password", "refresh_token"] | None,
    WithJsonSchema({"type": "string", "const": "password"}),
]
Unused = Annotated[
    Text | None,
    WithJsonSchema({"type": "string", "maxLength": 200, "pattern": NO_NUL, "examples": [""]}),
]


Code = Annotated[
    Text | None,
    WithJsonSchema({"type": "string", "maxLength": 40, "pattern": NO_NUL, "examples": [""]}),
]


class TokenForm(BaseModel):
    """OAuth 2.0's password grant (RFC 6749, section 4.3).

    The refresh grant (section 6) is taken here as well: `grant_type=refresh_token` and
    `refresh_token` instead of user name and password.
    """

    model_config = ConfigDict(json_schema_extra=_describe_as_password_grant)

    username: Text = Field(
        default="",
        min_length=1,
        max_length=254,
        description="The user name, or the e-mail address.",
        examples=["testuser"],
    )
    password: Text = Field(
        default="",
        min_length=1,
        max_length=128,
        examples=["password123"],
        json_schema_extra={"pattern": NO_NUL, "format": "password"},
    )
    grant_type: Grant = Field(default=None, description="`password`.")
    refresh_token: Unused = Field(
        default=None, max_length=200, description="For `grant_type=refresh_token` only."
    )
    totp: Code = Field(
        default=None,
        max_length=40,
        description="Of an account that signs in in two steps (`totp-required` says so): the code "
        "its authenticator app shows now, or a recovery code.",
    )
    scope: Text = Field(default="", max_length=200, description="Not used.")
    client_id: Unused = Field(default=None, max_length=200, description="Not used.")
    client_secret: Unused = Field(default=None, max_length=200, description="Not used.")

    def ensure_given(self, *names: str) -> None:
        """Refuse a form that lacks what its grant needs.

        Raises:
            ValidationFailed: names each that is missing.
        """
        if missing := [name for name in names if not getattr(self, name)]:
            raise ValidationFailed(
                [{"pointer": f"/{name}", "detail": "This field is needed."} for name in missing]
            )


@router.post(
    "",
    response_model=TokenOut,
    summary="Log in",
    responses={
        200: {"links": SESSION_LINKS},
        **problems(
            WrongCredentials,
            TotpRequired,
            TotpWrong,
            RefreshTokenInvalid,
            AccountDisabled,
            TooManyLogins,
            TooManyGuesses,
        ),
    },
)
@without_idempotency_key
@hashes_passwords
@public
def log_in(
    form: Annotated[TokenForm, Form()], request: Request, client: Client, services: ServicesDep
) -> Response:
    """Exchange a user name (or e-mail address) and a password for an access token.

    Wrong passwords are counted for the account and for the client's network; after some of them
    each attempt has to wait longer than the one before. An account that signs in in two steps is
    asked for a code once its password was right: send all three then.
    """
    if form.grant_type == "refresh_token":
        form.ensure_given("refresh_token")
        return answer(_out(services.sessions.refresh(refresh_token=form.refresh_token or "")))
    form.ensure_given("username", "password")
    pair = services.sessions.log_in(
        name=form.username,
        password=form.password,
        totp=form.totp or None,
        client=client,
        client_kind=client_kind_of(request.headers.get("user-agent")),
    )
    return answer(_out(pair))


@router.post(
    "/refresh",
    response_model=TokenOut,
    summary="Refresh an access token",
    responses=problems(RefreshTokenInvalid),
)
@without_idempotency_key
@also_as_form
@public
def refresh_access_token(body: RefreshRequest, services: ServicesDep) -> Response:
    """Exchange a refresh token for a new pair. Each works once; a second use ends the login.

    OAuth 2.0 clients may send a form with `grant_type=refresh_token` instead.
    """
    return answer(_out(services.sessions.refresh(refresh_token=body.refresh_token)))


@router.post(
    "/revoke",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Log out",
)
@without_idempotency_key
@public
def log_out(body: RefreshRequest, services: ServicesDep) -> Response:
    """End the login this refresh token belongs to, with all its access tokens."""
    services.sessions.log_out(refresh_token=body.refresh_token)
    return no_content()


def _out(pair: TokenPair) -> TokenOut:
    return TokenOut(
        access_token=pair.access_token,
        expires_in=int(pair.expires_in.total_seconds()),
        refresh_token=pair.refresh_token,
    )
