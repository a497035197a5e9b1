"""The kind of program of a login, shown in a person's list of logins."""

from enum import StrEnum


class ClientKind(StrEnum):
    BROWSER = "browser"
    PHONE_BROWSER = "phone-browser"
    PROGRAM = "program"


def client_kind_of(user_agent: str | None) -> ClientKind | None:
    """What a ``User-Agent`` header says, which may be made up; ``None``: nothing.

    No more of the header is kept than this.
    """
    if not user_agent:
        return None
    if not user_agent.startswith("Mozilla/"):
        return ClientKind.PROGRAM
    return ClientKind.PHONE_BROWSER if "Mobi" in user_agent else ClientKind.BROWSER
