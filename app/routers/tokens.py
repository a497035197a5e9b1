from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response, status
from pydantic import BaseModel, ConfigDict, Field

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    RefreshTokenInvalid,
    TooManyLogins,
    WrongCredentials,
)
from app.routers.dependencies import ServicesDep
from app.routers.problems import problems
from app.routers.refusals import BODY_REFUSALS
from app.routers.strict_route import StrictRoute
from app.schemas.base import Text
from app.schemas.users import RefreshRequest, TokenOut
from app.services.sessions import TokenPair

router = APIRouter(prefix="/token", tags=["users"], route_class=StrictRoute)


class PasswordForm(BaseModel):
    """OAuth 2.0's password grant (RFC 6749, section 4.3)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"username": "testuser", "password": "password123"}]}
    )

    username: Text = Field(
        min_length=1, max_length=254, description="The user name, or the e-mail address."
    )
    password: Text = Field(min_length=1, max_length=128, json_schema_extra={"format": "password"})
    grant_type: Literal["password"] | None = Field(default=None, description="`password`.")
    scope: Text = Field(default="", max_length=200, description="Not used.")
    client_id: Text | None = Field(default=None, max_length=200, description="Not used.")
    client_secret: Text | None = Field(default=None, max_length=200, description="Not used.")


@router.post(
    "",
    response_model=TokenOut,
    summary="Log in",
    responses=problems(WrongCredentials, TooManyLogins, Busy, DatabaseUnavailable, *BODY_REFUSALS),
)
def log_in(form: Annotated[PasswordForm, Form()], services: ServicesDep) -> TokenOut:
    """Exchange a user name (or e-mail address) and a password for an access token."""
    return _out(services.sessions.log_in(name=form.username, password=form.password))


@router.post(
    "/refresh",
    response_model=TokenOut,
    summary="Get the next access token",
    responses=problems(RefreshTokenInvalid, Busy, DatabaseUnavailable, *BODY_REFUSALS),
)
def refresh(body: RefreshRequest, services: ServicesDep) -> TokenOut:
    """Exchange a refresh token for a new pair. Each works once; a second use ends the login."""
    return _out(services.sessions.refresh(refresh_token=body.refresh_token))


@router.post(
    "/revoke",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Log out",
    responses=problems(Busy, DatabaseUnavailable, *BODY_REFUSALS),
)
def log_out(body: RefreshRequest, services: ServicesDep) -> None:
    """End the login this refresh token belongs to, with all its access tokens."""
    services.sessions.log_out(refresh_token=body.refresh_token)


def _out(pair: TokenPair) -> TokenOut:
    return TokenOut(
        access_token=pair.access_token,
        expires_in=int(pair.expires_in.total_seconds()),
        refresh_token=pair.refresh_token,
    )
