"""Scanners, as they come to be over HTTP."""

import httpx

from tests.api.conftest import Headers, Person
from tests.steps.door import Door


def scanner(api: httpx.Client, door: Door, organizer: Person) -> Headers:
    body = {"name": "Phone 3", "gate": "North"}
    path = f"/events/{door.event_id}/devices"
    made = api.post(path, json=body, headers=organizer.headers).json()
    enrolled = api.post("/scanners/enrol", json={"code": made["enrolment"]["code"]}).json()
    return {"Authorization": f"Bearer {enrolled['access_token']}"}
