from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field

from app.domain.ids import SessionId, UserId
from app.domain.languages import Language
from app.domain.states import Role
from app.domain.text import NOT_IN_A_LINE
from app.domain.users.names import ensure_username
from app.domain.users.sessions import ClientKind, Login
from app.schemas.base import Line, Moment, RequestBody, ResponseBody, Text, has_no_web_address
from app.schemas.people import Email, FullName

USERNAME = rf"^[^\s@/{NOT_IN_A_LINE}]+$"
Username = Annotated[
    Text,
    Field(min_length=3, max_length=64, pattern=USERNAME, json_schema_extra={"pattern": USERNAME}),
    AfterValidator(ensure_username),
    AfterValidator(has_no_web_address),
]
Password = Annotated[Text, Field(min_length=8, max_length=128)]
CurrentPassword = Annotated[Text, Field(max_length=128)]


class UserCreate(RequestBody):
    """An account to open."""

    # Blanks at the ends of a password belong to it.
    model_config = ConfigDict(
        str_strip_whitespace=False,
        json_schema_extra={
            "examples": [
                {
                    "email": "test@example.com",
                    "username": "testuser",
                    "password": "password123",
                }
            ]
        },
    )

    email: Email = Field(description="Where tickets are sent. Unique, whatever its case.")
    username: Username = Field(
        description="3 to 64 characters without spaces, `@` or `/`, letters of one script. Unique, "
        "whatever its case."
    )
    password: Password = Field(description="8 to 128 characters of any kind.")
    full_name: FullName | None = Field(default=None, description="How mail addresses the person.")
    language: Language | None = Field(
        default=None,
        strict=False,
        description="What mails and tickets are in: `en` or `fr`. Default: the shop's.",
    )


class UserChange(RequestBody):
    """What to change about the account; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"full_name": "Ada Obi"}]})

    email: Email | None = Field(
        default=None,
        description="A new address. It is used once the link in the mail to it is opened; takes "
        "`current_password`.",
    )
    username: Username | None = Field(default=None, description="A new user name.")
    full_name: FullName | None = Field(default=None, description="A new full name.")
    language: Language | None = Field(
        default=None, strict=False, description="What mails and tickets are to be in: `en` or `fr`."
    )
    current_password: CurrentPassword | None = Field(
        default=None, description="The password as it is now, for a new `email`."
    )


class PasswordChange(RequestBody):
    """The current password, and the one to have from now on."""

    model_config = ConfigDict(
        str_strip_whitespace=False,
        json_schema_extra={
            "examples": [{"current_password": "password123", "new_password": "password456"}]
        },
    )

    current_password: CurrentPassword = Field(description="The password as it is now.")
    new_password: Password = Field(description="8 to 128 characters of any kind.")


class AccountDeletion(RequestBody):
    """The password, so that a stolen login cannot delete the account."""

    model_config = ConfigDict(
        str_strip_whitespace=False,
        json_schema_extra={"examples": [{"current_password": "password123"}]},
    )

    current_password: Text = Field(max_length=128, description="The password as it is now.")


LinkToken = Annotated[
    Line,
    Field(
        min_length=1,
        max_length=64,
        description="From the link in the mail.",
        examples=["12.mU3zQvN0bqk1c5f9xJ2hVtYpLrE"],
    ),
]


class PasswordResetRequest(RequestBody):
    """Whose password is to be set anew."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "test@example.com"}]})

    email: Email = Field(description="The address of the account.")


class PasswordReset(RequestBody):
    """The secret from the mail, and the password to have from now on."""

    model_config = ConfigDict(str_strip_whitespace=False)

    token: LinkToken
    new_password: Password = Field(
        description="8 to 128 characters of any kind.", examples=["password456"]
    )


class EmailConfirmation(RequestBody):
    """The secret from the mail."""

    token: LinkToken


class MailPromised(ResponseBody):
    """What was promised, in words."""

    message: str


class UserOut(ResponseBody):
    """An account, as its owner sees it."""

    id: UserId
    email: str
    email_confirmed: bool = Field(description="Whether the link in a mail to it was followed.")
    username: str
    full_name: str | None
    language: Language | None = Field(
        description="What mails and tickets are in; `null`: the shop's language."
    )
    role: Role
    created_at: Moment


class TokenOut(ResponseBody):
    """Tokens: one to call with, one to get the next pair with (RFC 6749, section 5.1)."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105  (a kind of token, not a token)
    expires_in: int = Field(description="Seconds until the access token ends.")
    refresh_token: str = Field(description="Works once, at `POST /token/refresh`.")


class SessionOut(ResponseBody):
    """A login that can still be used."""

    id: SessionId
    is_current: bool = Field(description="Whether it is the one that asks.")
    started_at: Moment
    last_used_at: Moment = Field(
        description="When its tokens were renewed last; calls in between are not noted."
    )
    client_kind: ClientKind | None = Field(
        description="What it began with, as far as that was told: a browser, a browser on a phone, "
        "or another program."
    )
    network: str | None = Field(description="Where it began: an IPv4 /24 or an IPv6 /48.")

    @classmethod
    def of(cls, login: Login, *, current: SessionId) -> Self:
        return cls.from_fields(login, is_current=login.id == current)


class RefreshRequest(RequestBody):
    """A refresh token, to be exchanged or given up."""

    refresh_token: Line = Field(
        min_length=1,
        max_length=200,
        description="From `POST /token`.",
        examples=["the refresh_token of your last answer"],
    )
