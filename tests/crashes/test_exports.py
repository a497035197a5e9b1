"""A worker dies while it writes a file: another one begins it again, and nothing stays behind."""

import pytest

from app.domain.operations.faults import FaultPoint
from app.domain.states import Role
from tests.crashes.stage import EVENT, SECRET_KEY, Stage
from tests.support.people import make_people

pytestmark = pytest.mark.slow

MAILS = "SELECT count(*) FROM outbox_messages WHERE kind = 'export-done'"
FILES = "SELECT count(file) FROM export_jobs WHERE state = 'ready'"


@pytest.mark.parametrize("point", [FaultPoint.EXPORT_HALF, FaultPoint.EXPORT_KEPT])
def test_is_begun_again(stage: Stage, point: FaultPoint) -> None:
    (headers,) = make_people(
        stage.database, SECRET_KEY, ["organizer@example.com"], role=Role.ORGANIZER
    )
    event_id = stage.http.post("/events/", json=EVENT, headers=headers).json()["id"]
    ada = stage.person()
    stage.http.post("/orders/", json={"event_id": event_id}, headers=ada)
    asked = stage.http.post(
        f"/events/{event_id}/exports", json={"kind": "orders", "format": "xlsx"}, headers=headers
    )
    assert asked.status_code == 202, asked.text
    path = f"/exports/{asked.json()['id']}"

    with stage.doomed(point, works=True):
        pass
    dead = stage.http.get(path, headers=headers).json()
    assert (dead["state"], dead["rows"]) == ("running", 1)
    assert stage.http.get(f"{path}/file", headers=headers).status_code == 409
    stage.sweep()
    assert stage.number(FILES) == 0, "the lease of the dead lasts"
    stage.time_passes()
    stage.sweep()

    done = stage.http.get(path, headers=headers).json()
    assert (done["state"], done["rows"], done["rows_expected"]) == ("ready", 1, 1)
    file = stage.http.get(f"{path}/file", headers=headers)
    assert len(file.content) == done["bytes"]
    assert file.content.startswith(b"PK")
    assert stage.number(MAILS) == 1
    folder = stage.folder / "var" / "exports"
    assert len(list(folder.iterdir())) == 2, "that of the dead, until a day has passed"
    stage.context.services.export_jobs.clean_up()
    assert len(list(folder.iterdir())) == 2
    assert stage.violations() == []
