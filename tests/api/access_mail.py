"""Who may ask for mail, and look at what was promised."""

from tests.api.access import Call, call

PUBLIC = {
    "POST /users/password-resets",  # for whoever cannot log in
    "POST /users/password-resets/confirm",  # the link's token is the secret
    "POST /users/email-confirmations/confirm",  # the same
}
PAGES = {
    "/account/confirm",  # the link's token is the secret
    "/account/decline",
    "/account/undo",
    "/account/reset",
}

ADMINS = {"ada": 403, "bola": 403, "organizer": 403, "rival": 403}

OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "GET /messages/{message_id}": (call("GET", "/messages/1"), ADMINS | {"admin": 200}),
    "POST /messages/{message_id}/resend": (
        call("POST", "/messages/1/resend"),
        ADMINS | {"admin": 202},
    ),
    "POST /orders/{order_id}/confirmation": (
        call("POST", "/orders/{order}/confirmation"),
        {"bola": 404, "rival": 404, "ada": 202, "organizer": 202, "admin": 202},
    ),
}
