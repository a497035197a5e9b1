"""Who may call what about tickets on paper and in wallets."""

from tests.api.access import ADAS, Call, call

PUBLIC: set[str] = set()
PAGES = {
    "/t/{link_key}.pdf",  # the address is the secret
}
OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "GET /tickets/{ticket_id}/apple-pass": (call("GET", "/tickets/{ticket}/apple-pass"), ADAS),
    "GET /tickets/{ticket_id}/google-wallet-link": (
        call("GET", "/tickets/{ticket}/google-wallet-link"),
        ADAS,
    ),
}
