"""Who may hand tickets on, issue them again and bar them; and the pages of tickets."""

from tests.api.access import ORGANIZERS, Call, call

PUBLIC = {
    "GET /events/{event_id}.ics",
    "POST /transfers/accept",  # the token from the mail is its secret
}
PAGES = {
    "/transfer",  # the token is the secret
    "/t/{link_key}.ics",
}

NOBODY_ELSE = {"bola": 404, "organizer": 404, "rival": 404, "admin": 404}
WHY = {"reason": "The phone was stolen"}

OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "POST /tickets/{ticket_id}/transfer": (
        call("POST", "/tickets/{ticket}/transfer", {"email": "chi@example.com"}),
        NOBODY_ELSE | {"ada": 201},
    ),
    "DELETE /transfers/{transfer_id}": (
        call("DELETE", "/transfers/{transfer}"),
        NOBODY_ELSE | {"ada": 204},
    ),
    "POST /tickets/{ticket_id}/reissue": (
        call("POST", "/tickets/{ticket}/reissue", WHY),
        ORGANIZERS,
    ),
    "POST /tickets/{ticket_id}/revocation": (
        call("POST", "/tickets/{ticket}/revocation", WHY),
        # It is revoked once the organizer has done so.
        ORGANIZERS | {"admin": 409},
    ),
    "DELETE /tickets/{ticket_id}/revocation": (
        call("DELETE", "/tickets/{revoked}/revocation"),
        ORGANIZERS | {"organizer": 204, "admin": 409},
    ),
}
