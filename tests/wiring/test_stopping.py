"""SIGTERM, as platforms send it before every new version."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.repositories.database import Database
from tests.programs.servers import running_shop
from tests.steps.waiting import eventually
from tests.wiring.customers import Customer, create_event

pytestmark = pytest.mark.slow

IN_FLIGHT = 50
SETTINGS = {
    "PAYSTACK_MOCK_SLOW_ANSWER": "1",
    "PAYSTACK_CALLS_AT_ONCE": "30",
    "PAYSTACK_BUDGET": "20",
    "DATABASE_WAIT": "20",
    "REGISTRATIONS_FROM_ADDRESS": "1000",
    "WORK_IN_PROCESS": "false",  # else its worker, too, would wait for the slow answers
}
ENDED_BY_SIGTERM = -15


class TestStop:
    @pytest.mark.parametrize("workers", [1, 2])
    def test_breaks_no_call_in_flight(self, tmp_path: Path, workers: int) -> None:
        with (
            running_shop(tmp_path, SETTINGS, workers=workers) as shop,
            shop.client() as http,
            ThreadPoolExecutor(IN_FLIGHT) as threads,
        ):
            # A buyer who pays again for the same goes on with the order there is.
            buyers = [Customer.register(http, f"slow+{number}") for number in range(IN_FLIGHT)]
            event_id = create_event(http, capacity=IN_FLIGHT)
            calls = [threads.submit(buyer.pay, event_id) for buyer in buyers]
            eventually(self.counting(tmp_path, "SELECT count(*) FROM payments", IN_FLIGHT))

            shop.terminate()

            answers = [call.result(timeout=60) for call in calls]
            assert shop.wait() in (0, ENDED_BY_SIGTERM)
            assert {answer.status_code for answer in answers} == {200}
            assert "Traceback" not in shop.log
            stored = "SELECT count(*) FROM payments WHERE authorization_url IS NOT NULL"
            assert self.counting(tmp_path, stored, IN_FLIGHT)()

    def test_breaks_off_streams_which_have_no_end_of_their_own(self, tmp_path: Path) -> None:
        with running_shop(tmp_path) as shop, shop.client() as http:
            organizer = Customer.register(http, "ada")
            event_id = create_event(http, headers=organizer.headers)
            address = f"/events/{event_id}/check-ins/stream?seconds=30"

            with http.stream("GET", address, headers=organizer.headers) as stream:
                parts = stream.iter_text()
                assert "retry" in next(parts)
                shop.terminate()
                with pytest.raises(httpx.RemoteProtocolError):  # not ended in order, 30 s later
                    list(parts)

            assert shop.wait() in (0, ENDED_BY_SIGTERM)
            assert "Traceback" not in shop.log

    def counting(self, folder: Path, query: str, wanted: int) -> Callable[[], bool]:
        def counts() -> bool:
            database = Database(f"sqlite:///{folder / 'var' / 'ticketing.sqlite3'}")
            with database.connection() as connection:
                found = connection.execute(text(query)).scalar_one()
            database.close()
            return bool(found == wanted)

        return counts
