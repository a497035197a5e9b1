"""Who may ask for mail, and look at what was promised."""

from tests.api.access import Call

PUBLIC = {
    "POST /users/password-resets",  # for whoever cannot log in
    "POST /users/password-resets/confirm",  # the link's token is the secret
    "POST /users/email-confirmations/confirm",  # the same
}
NEEDS_TOKEN = {
    "POST /users/me/email-confirmation",
}
PAGES = {
    "/account/confirm",  # the link's token is the secret
    "/account/reset",
}

OWNED: dict[str, tuple[Call, dict[str, int]]] = {}
