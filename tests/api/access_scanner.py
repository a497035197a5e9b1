"""Who may call what of the scanner page."""

from tests.api.access import Call

PUBLIC: set[str] = set()
OWNED: dict[str, tuple[Call, dict[str, int]]] = {}
PAGES = {
    "/scan",  # the same for everybody; the door's operations ask for the phone's own token
    "/scan/sw.js",
    "/scan/app.webmanifest",
}
