"""Who may call what at the door; see access.py. Scanners are tried in test_devices.py."""

from tests.api.access import ORGANIZERS, Call, call

PUBLIC = {
    "POST /scanners/enrol",  # the code is the secret
}
PAGES: set[str] = set()

OFFLINE = {
    "scan_id": "2",
    "code": "x",
    "scanned_at": "2027-03-01T11:00:00Z",
    "verdict": "refused",
}

STAFF = ORGANIZERS | {"staff": 200}
NO_STAFF = ORGANIZERS | {"staff": 404}

OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "GET /events/{event_id}/staff": (call("GET", "/events/{event}/staff"), NO_STAFF),
    "POST /events/{event_id}/staff": (
        call("POST", "/events/{event}/staff", {"name": "bola"}),
        NO_STAFF | {"organizer": 201, "admin": 201},
    ),
    "DELETE /events/{event_id}/staff/{user_id}": (
        call("DELETE", "/events/{event}/staff/{staff}"),
        # Nobody is let go twice.
        {"rival": 404, "ada": 404, "bola": 404, "staff": 404, "organizer": 204, "admin": 404},
    ),
    "GET /events/{event_id}/devices": (call("GET", "/events/{event}/devices"), NO_STAFF),
    "POST /events/{event_id}/devices": (
        call("POST", "/events/{event}/devices", {"name": "Phone"}),
        NO_STAFF | {"organizer": 201, "admin": 201},
    ),
    "DELETE /events/{event_id}/devices/{device_id}": (
        call("DELETE", "/events/{event}/devices/{device}"),
        {"rival": 404, "ada": 404, "bola": 404, "staff": 404, "organizer": 204, "admin": 404},
    ),
    "POST /events/{event_id}/check-ins": (
        call("POST", "/events/{event}/check-ins", {"code": "x", "scan_id": "1"}),
        STAFF,
    ),
    "GET /events/{event_id}/check-ins": (call("GET", "/events/{event}/check-ins"), STAFF),
    "POST /events/{event_id}/check-ins/{check_in_id}/undo": (
        call("POST", "/events/{event}/check-ins/{check_in}/undo", {"reason": "x"}),
        # Once.
        {"rival": 404, "ada": 404, "bola": 404, "staff": 200, "organizer": 409, "admin": 409},
    ),
    "GET /events/{event_id}/check-ins/counts": (
        call("GET", "/events/{event}/check-ins/counts"),
        STAFF,
    ),
    "GET /events/{event_id}/check-ins/stream": (
        call("GET", "/events/{event}/check-ins/stream"),
        STAFF,
    ),
    "GET /events/{event_id}/attendees": (call("GET", "/events/{event}/attendees"), STAFF),
    "GET /events/{event_id}/manifest": (call("GET", "/events/{event}/manifest"), STAFF),
    "GET /events/{event_id}/revocations": (call("GET", "/events/{event}/revocations"), STAFF),
    "POST /events/{event_id}/check-ins/batch": (
        call("POST", "/events/{event}/check-ins/batch", {"scans": [OFFLINE]}),
        STAFF,
    ),
    "GET /events/{event_id}/check-ins/conflicts": (
        call("GET", "/events/{event}/check-ins/conflicts"),
        STAFF,
    ),
}

OF_SCANNERS = {
    "POST /events/{event_id}/check-ins",
    "GET /events/{event_id}/check-ins",
    "GET /events/{event_id}/check-ins/counts",
    "GET /events/{event_id}/check-ins/stream",
    "GET /events/{event_id}/manifest",
    "GET /events/{event_id}/revocations",
    "POST /events/{event_id}/check-ins/batch",
    "GET /events/{event_id}/check-ins/conflicts",
}
"""What the token of a scanner opens, of its own event."""
