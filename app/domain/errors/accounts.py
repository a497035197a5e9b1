"""Refusals about accounts and logging in."""

from collections.abc import Mapping
from datetime import timedelta

from app.domain.errors.kinds import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
)
from app.domain.ids import SessionId
from app.domain.users.deletions import Obstacle, sentence


class AccountNotFound(NotFound):
    """No account has this user name, e-mail address or id."""

    def __init__(self, name: str | int) -> None:
        what = "id" if isinstance(name, int) else "user name or e-mail address"
        super().__init__(f"No account has the {what} {name!r}.")


class AccountDisabled(Forbidden):
    """The account was disabled by those who run the shop."""

    def __init__(self) -> None:
        super().__init__("This account was disabled. Ask those who run the shop to enable it.")


class AccountDeleted(Conflict):
    """The account was deleted: nobody can log in to it any more."""

    def __init__(self, user_id: int) -> None:
        super().__init__(
            f"Account {user_id} was deleted and cannot be enabled. Its owner can register anew."
        )


class OwnAccount(Conflict):
    """Admins cannot disable their own account."""

    def __init__(self) -> None:
        super().__init__("This is your own account; another admin can disable it.")


class AccountInUse(Conflict):
    """Something would be lost with the account; it is named."""

    def __init__(self, obstacles: Mapping[Obstacle, list[int]]) -> None:
        named = [
            {"reason": str(obstacle), "detail": sentence(obstacle, ids)}
            for obstacle, ids in obstacles.items()
        ]
        super().__init__(
            " ".join(["The account cannot be deleted yet.", *(each["detail"] for each in named)]),
            obstacles=named,
        )


class EmailNotConfirmed(Forbidden):
    """This needs a confirmed e-mail address."""

    def __init__(self) -> None:
        super().__init__(
            "Confirm your e-mail address first: POST /users/me/email-confirmation sends a new mail."
        )


class AddressNotConfirmed(Conflict):
    """The owner of the account has not confirmed this e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(
            f"The account with the address {email} has not confirmed it: anybody may have opened "
            "it. Ask its owner to confirm the address, or name the account by its user name."
        )


class EmailTaken(Conflict):
    """Another account uses this e-mail address."""

    def __init__(self) -> None:
        super().__init__("An account with this e-mail address exists already.", field="email")


class UsernameTaken(Conflict):
    """Another account uses this user name."""

    def __init__(self) -> None:
        super().__init__("This user name is taken; choose another.", field="username")


class WrongCredentials(Unauthenticated):
    """User name, e-mail or password is wrong."""

    def __init__(self) -> None:
        super().__init__("The user name, e-mail address or password is wrong.")


class NotLoggedIn(Unauthenticated):
    """This needs a valid access token."""

    def __init__(self) -> None:
        super().__init__(
            "Send an access token from POST /token in the header `Authorization: Bearer …`."
        )


class SessionNotFound(NotFound):
    """You have no login of this id that has not ended."""

    def __init__(self, session_id: SessionId) -> None:
        super().__init__(f"You have no login {session_id} that has not ended.", session=session_id)


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is unknown, used or ended; log in again."""

    def __init__(self) -> None:
        super().__init__(
            "This refresh token is unknown, was used before or has ended; log in again."
        )


class TooManyLogins(TooMany):
    """Too many wrong passwords for this account or from this network; wait and try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "Too many attempts to log in to this account, or from your network; wait before the "
            "next one.",
            retry_after=retry_after,
        )


class TooManyRegistrations(TooMany):
    """Too many accounts were opened from this network; wait and try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "Too many accounts were opened from your network; wait before you open the next one.",
            retry_after=retry_after,
        )


class TooManyMails(TooMany):
    """The same mail was asked for too often; wait and try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "This mail was asked for too often; wait before you ask again.",
            retry_after=retry_after,
        )


class EmailConfirmedAlready(Conflict):
    """The e-mail address is confirmed; nothing is left to do."""

    def __init__(self) -> None:
        super().__init__("Your e-mail address is confirmed already.", field="email")


class PasswordTooCommon(Invalid):
    """This password is on every guesser's list."""

    def __init__(self, field: str = "password") -> None:
        super().__init__(
            "Choose a password that is not on the list of common ones.",
            errors=[{"pointer": f"/{field}", "detail": "is one of the most common passwords"}],
        )


class WrongPassword(Forbidden):
    """The current password is not this one."""

    def __init__(self) -> None:
        super().__init__("The current password is not this one.", field="current_password")


class PasswordNeeded(Invalid):
    """This change takes the current password."""

    def __init__(self) -> None:
        super().__init__(
            "Send your current password along with a new e-mail address.",
            errors=[{"pointer": "/current_password", "detail": "is needed to change the address"}],
        )


class TooManyGuesses(TooMany):
    """Too many wrong guesses of a secret; wait and try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "Too many wrong guesses of this secret; wait before the next one.",
            retry_after=retry_after,
        )


class RoleMissing(Forbidden):
    """The caller's role does not allow this."""

    def __init__(self, needed: str) -> None:
        super().__init__(f"Only an account with the role {needed} may do this.", needed=needed)
