from datetime import timedelta

from app.repositories.database import Database
from tests.steps.statements import interrupted_everywhere
from tests.support.fakes import START


def test_an_item_is_put_off_though_another_worker_has_it_done_at_that_moment(
    database: Database,
) -> None:
    def put_off(error: str) -> int:
        with database.writing() as work:
            return work.failed_items.put_off("mails", 1, error=error, now=START).tries

    def end() -> None:
        with database.writing() as work:
            work.failed_items.end("mails", 1)

    def put_off_first() -> None:
        end()
        put_off("first")

    tries = [
        tried
        for _, tried in interrupted_everywhere(
            database,
            make=put_off_first,
            call=lambda _: put_off("again"),
            by=lambda _: end(),
        )
    ]

    assert len(tries) > 1
    assert set(tries) <= {1, 2}
    with database.reading() as work:
        assert work.failed_items.error_of("mails", 1) == "again"
        assert work.failed_items.count(START + timedelta(seconds=1)) == 1
