"""Pictures of events, uploaded over the API."""

from typing import Any

import httpx

from tests.api.conftest import Person
from tests.support.pictures import photo


def upload(
    api: httpx.Client, event_id: int, person: Person, content: bytes = photo(), **fields: str
) -> httpx.Response:
    """Send a file whose name and type mean nothing."""
    return api.put(
        f"/events/{event_id}/image",
        headers=person.headers,
        files={"image": ("../../x.html", content, "text/html")},
        data=fields,
    )


def picture_of(answer: httpx.Response) -> dict[str, Any]:
    """The uploaded picture of the event in the answer."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["image"]
    return found
