import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import anyio
import httpx
import pytest

from app.http.calls import hurry as module
from app.http.calls.hurry import Hurry
from app.http.services import Services
from app.services.checkin.check_ins import Answer
from tests.steps.door import open_door
from tests.support.factories import Factory
from tests.support.racing import until


class TestStepAside:
    def test_waits_until_the_last_urgent_call_is_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "STEPS_ASIDE_FOR", timedelta(minutes=1))
        hurry, seen = Hurry(), list[str]()

        async def call() -> None:
            await hurry.step_aside()
            seen.append("the other")

        async def rush() -> None:
            async with anyio.create_task_group() as calls:
                with hurry.inside():
                    with hurry.inside():
                        calls.start_soon(call)
                        await anyio.sleep(0.02)
                    seen.append("the first")
                    await anyio.sleep(0.02)
                    seen.append("the second")

        anyio.run(rush)

        assert seen == ["the first", "the second", "the other"]

    def test_shuts_nobody_out(self) -> None:
        hurry = Hurry()

        async def go_in() -> None:
            with hurry.inside():
                await hurry.step_aside()

        anyio.run(go_in)


class TestScan:
    def test_lets_other_calls_wait(
        self,
        api: httpx.Client,
        services: Services,
        make: Factory,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(module, "STEPS_ASIDE_FOR", timedelta(minutes=1))
        door = open_door(services, make)
        made = services.devices.prepare(
            event_id=door.event_id, organizer=door.organizer, name="N", gate="N", url_of=str
        )
        token, _ = services.devices.enrol(code=made.code)
        code = door.code(door.ticket())
        scan, is_there, may_end = services.check_ins.scan, threading.Event(), threading.Event()

        def slow(**asked: Any) -> Answer:
            is_there.set()
            assert may_end.wait(20)
            return scan(**asked)

        monkeypatch.setattr(services.check_ins, "scan", slow)
        with ThreadPoolExecutor(2) as people:
            scanning = people.submit(
                api.post,
                f"/events/{door.event_id}/check-ins",
                json={"code": code, "scan_id": "one"},
                headers={"Authorization": f"Bearer {token}"},
            )
            until(is_there.is_set)
            browsing = people.submit(api.get, "/events/")
            with pytest.raises(TimeoutError):
                browsing.result(timeout=0.1)
            may_end.set()

            assert scanning.result().json()["verdict"] == "accepted"
            assert browsing.result().status_code == 200
