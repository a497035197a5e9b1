"""Refusals about accounts and logging in."""

from collections.abc import Mapping

from app.domain.errors.kinds import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from app.domain.ids import SessionId
from app.domain.users.deletions import Obstacle, sentence


class AccountNotFound(NotFound):
    title = "No account has this user name, e-mail address or id."

    def __init__(self, name: str | int) -> None:
        what = "id" if isinstance(name, int) else "user name or e-mail address"
        super().__init__(f"No account has the {what} {name!r}.")


class AccountDisabled(Forbidden):
    title = "The account is disabled."
    sentence = "This account was disabled. Ask those who run the shop to enable it."


class AccountDeleted(Conflict):
    title = "The account is deleted."

    def __init__(self, user_id: int) -> None:
        super().__init__(
            f"Account {user_id} was deleted and cannot be changed. Its owner can register anew."
        )


class AccountOfGuest(Conflict):
    title = "A guest can have no role."

    def __init__(self, user_id: int) -> None:
        super().__init__(
            f"Account {user_id} stands for a guest, who bought without an account and cannot log "
            "in. Its owner can register with the same address."
        )


class LastAdmin(Conflict):
    title = "The shop needs an admin."
    sentence = "This is the only admin who can log in. Make another account an admin first."


class OwnAccount(Conflict):
    title = "Admins cannot disable or reset their own account."
    sentence = "This is your own account; another admin can do this."


class AccountInUse(Conflict):
    title = "The account cannot be deleted yet; `detail` says why."

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
    title = "This needs a confirmed e-mail address."
    sentence = (
        "Confirm your e-mail address first: POST /users/me/email-confirmation sends a new mail."
    )


class AddressNotConfirmed(Conflict):
    title = "The owner of the account has not confirmed this e-mail address."

    def __init__(self, email: str) -> None:
        super().__init__(
            f"The account with the address {email} has not confirmed it: another person may have "
            "opened it. Ask its owner to confirm the address; the command line also takes its user "
            "name."
        )


class EmailTaken(Conflict):
    title = "Another account uses this e-mail address."
    sentence = "An account with this e-mail address exists already."
    field = "email"


class UsernameTaken(Conflict):
    title = "Another account uses this user name."
    sentence = "This user name is taken; choose another."
    field = "username"


class WrongCredentials(Unauthenticated):
    title = "User name, e-mail or password is wrong."
    sentence = "The user name, e-mail address or password is wrong."


class TotpRequired(Unauthenticated):
    title = "This account signs in in two steps: send a code of its authenticator app, too."
    sentence = (
        "This account signs in in two steps. Send the code of its authenticator app, or a recovery "
        "code, as `totp`."
    )
    field = "totp"

    def __init__(self, step: str = "") -> None:
        super().__init__()
        self.step = step
        """Proof of the first step, for pages; no fact that programs are told."""


class TotpWrong(Unauthenticated):
    title = "The code is wrong, or was used."
    sentence = (
        "This code is wrong, has ended or was used. Take the one the app shows now, or a recovery "
        "code."
    )
    field = "totp"


class TwoStepOn(Conflict):
    title = "The account signs in in two steps already."


class TwoStepOff(Conflict):
    title = "The account does not sign in in two steps, or setting it up took too long."


class NotLoggedIn(Unauthenticated):
    title = "This needs a valid access token."

    def __init__(self, *, is_scanner: bool = False) -> None:
        of_scanner = "This is the token of a scanner, which is for the door of its event alone. "
        super().__init__(
            (of_scanner if is_scanner else "")
            + "Send an access token from POST /token in the header `Authorization: Bearer …`."
        )


class SessionNotFound(NotFound):
    title = "No open session of yours has this id."

    def __init__(self, session_id: SessionId) -> None:
        super().__init__(f"You have no login {session_id} that has not ended.", session=session_id)


class RefreshTokenInvalid(Unauthenticated):
    title = "The refresh token is unknown, used or ended. Log in again."
    sentence = "This refresh token is unknown, was used before or has ended; log in again."


class TooManyLogins(TooMany):
    title = "Too many wrong passwords for this account or from this network. Wait and try again."
    sentence = (
        "Too many attempts to log in to this account, or from your network; wait before the "
        "next one."
    )


class TooManyRegistrations(TooMany):
    title = "Too many accounts were opened from this network. Wait and try again."
    sentence = "Too many accounts were opened from your network; wait before you open the next one."


class TooManyMails(TooMany):
    title = "The same mail was requested too often. Wait and try again."
    sentence = "This mail was asked for too often; wait before you ask again."


class EmailConfirmedAlready(Conflict):
    title = "The e-mail address is already confirmed."
    sentence = "Your e-mail address is confirmed already."
    field = "email"


class PasswordTooCommon(Invalid):
    title = "This password is too common."

    def __init__(self, field: str = "password") -> None:
        super().__init__(
            "Choose a password that is not on the list of common ones.",
            errors=[{"pointer": f"/{field}", "detail": "is one of the most common passwords"}],
        )


class WrongPassword(Forbidden):
    title = "The current password is wrong."
    field = "current_password"


class PasswordNeeded(Invalid):
    title = "This change needs the current password."

    def __init__(self) -> None:
        super().__init__(
            "Send your current password along with a new e-mail address.",
            errors=[{"pointer": "/current_password", "detail": "is needed to change the address"}],
        )


class TooManyGuesses(TooMany):
    title = "Too many wrong guesses of a secret. Wait and try again."
    sentence = "Too many wrong guesses of this secret; wait before the next one."


class RoleMissing(Forbidden):
    title = "The caller's role does not allow this."

    def __init__(self, needed: str) -> None:
        super().__init__(f"Only an account with the role {needed} may do this.", needed=needed)
