"""One row for each guest's address."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.ids import UserId
from app.domain.text import address_key, name_key
from app.domain.users.names import EMAIL_KEY, GUEST, ensure_address, guest_key
from app.repositories.database import Database
from app.services.users.guests import guest_row
from app.wiring.adapters import Adapters
from tests.steps.checkouts import ADA
from tests.support.fakes import START
from tests.support.racing import LONGEST


class TestGuestRow:
    @pytest.mark.postgresql
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_is_one_for_two_who_both_found_none(
        self, database: Database, outside: Adapters
    ) -> None:
        has_looked = threading.Event()

        def come_second() -> UserId:
            with database.writing() as work:
                assert work.users.find_guest(ADA.email) is None  # looking first decides nothing
                has_looked.set()
                return guest_row(work, ADA, ids=outside.ids, now=START).id

        with ThreadPoolExecutor() as others:
            with database.writing() as work:
                first = guest_row(work, ADA, ids=outside.ids, now=START)
                second = others.submit(come_second)
                assert has_looked.wait(LONGEST.total_seconds())
            assert second.result(LONGEST.total_seconds()) == first.id


class TestGuestKey:
    @pytest.mark.parametrize("typed", ["GUEST:ada@example.com", "guest:ada@example.com"])
    def test_is_the_key_of_no_name_that_anybody_can_type(self, typed: str) -> None:
        assert guest_key(ADA.email) not in (address_key(typed), name_key(typed))

    def test_has_room_in_its_column(self) -> None:
        with pytest.raises(ValueError, match="ligatures"):
            ensure_address("\ufdfa" * 29 + "@example.com")

        longest = "\ufdfa" * 27 + "@example.com"
        assert len(guest_key(ensure_address(longest))) <= EMAIL_KEY
        assert guest_key(longest).startswith(GUEST)
