"""The shop is killed at random moments, while people buy."""

import random
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import httpx
import pytest
from sqlalchemy import text

from tests.crashes.stage import TAKEOVER, Stage
from tests.programs.servers import free_port, running_shop
from tests.steps.waiting import eventually
from tests.support.people import Headers
from tests.support.racing import LONGEST

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

KILLS: Final = 10
"""Each point between two steps has a test of its own in `test_kill_points.py`."""
BUYERS: Final = 8

ASKED_AGAIN_UNTIL: Final = 100
"""Seconds a buyer keeps repeating one call: longer than the shop takes to start a few times."""


@dataclass
class Buyer:
    """Buys again and again, repeating each call under its key until it is answered."""

    url: str
    who: Headers
    event_id: int
    stopping: threading.Event = field(default_factory=threading.Event)
    tickets: list[int] = field(default_factory=list)
    broken: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self.shop, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Begin nothing new; returns when what was begun is answered."""
        self.stopping.set()
        self._thread.join(LONGEST.total_seconds())
        assert not self._thread.is_alive(), "a buyer still waits for an answer"

    def shop(self) -> None:
        with httpx.Client(base_url=self.url, timeout=60, trust_env=False) as http:
            for number in count():
                if self.stopping.is_set():
                    return
                self.buy(http, number)

    def buy(self, http: httpx.Client, number: int) -> None:
        opened = self.insist(http, "/payments/pay", f"pay-{number}", {"event_id": self.event_id})
        if opened.status_code != 200:
            self.refused.append(opened.text)
            return
        reference = opened.json()["reference"]
        verified = self.insist(http, f"/payments/verify/{reference}", f"verify-{number}")
        if verified.status_code == 200:
            self.tickets += verified.json()["ticket_ids"]
        else:
            self.refused.append(verified.text)

    def insist(
        self, http: httpx.Client, path: str, key: str, body: object = None
    ) -> httpx.Response:
        """The answer, however often the server dies before it comes."""
        deadline = time.monotonic() + ASKED_AGAIN_UNTIL
        headers = {**self.who, "Idempotency-Key": key}
        while time.monotonic() < deadline:
            try:
                answer = http.post(path, json=body, headers=headers)
            except httpx.TransportError:
                self.broken += 1
            else:
                in_use = answer.status_code == 409 and answer.json()["code"] == "key-in-use"
                if answer.status_code != 503 and not in_use:
                    return answer
            time.sleep(0.1)
        raise TimeoutError(f"{path} was not answered in {ASKED_AGAIN_UNTIL} s")


def wait_for_sales(buyers: list[Buyer]) -> None:
    """Return when the shop sells: on a slow machine it takes a while after its start."""

    def sold() -> int:
        return sum(len(buyer.tickets) for buyer in buyers)

    before = sold()
    eventually(lambda: sold() >= before + BUYERS, within=LONGEST)


class TestPowerCut:
    def test_loses_nothing_that_was_acknowledged(self, stage: Stage) -> None:
        port, dice = free_port(), random.Random(7)
        event_id = stage.event()
        buyers = [
            Buyer(f"http://127.0.0.1:{port}", stage.person(), event_id) for _ in range(BUYERS)
        ]

        for buyer in buyers:
            buyer.start()
        for _ in range(KILLS):
            with running_shop(stage.folder, stage.environment, port=port) as server:
                wait_for_sales(buyers)
                time.sleep(dice.uniform(0, 0.5))
                server.kill()
        with running_shop(stage.folder, stage.environment, port=port):
            time.sleep(TAKEOVER.total_seconds())
            for buyer in buyers:
                buyer.finish()

        tickets = [ticket for buyer in buyers for ticket in buyer.tickets]
        assert sum(buyer.broken for buyer in buyers) >= KILLS
        assert [buyer.refused for buyer in buyers if buyer.refused] == []
        assert len(tickets) == len(set(tickets)) >= BUYERS
        stage.time_passes()
        stage.sweep()
        with stage.database.connection() as connection:
            issued = set(connection.execute(text("SELECT id FROM tickets")).scalars())
        assert set(tickets) <= issued
        assert stage.violations() == []
