"""Migrations that repair what a fault has left behind, on rows as that fault left them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import Script, ScriptDirectory

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.conftest import PATIENT
from tests.programs.postgres_server import fresh_database
from tests.support.migrating import MIGRATIONS, downgrade

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVENT: dict[str, Any] = {
    "title": "Café",
    "title_key": "café",
    "location": "Lagos",
    "search_text": "café\nlagos",
    "starts_at": NOON,
    "time_zone": "Africa/Lagos",
    "currency": "NGN",
    "price_minor": 0,
    "held": 0,
    "sold": 0,
    "reentry": False,
    "created_at": NOON - 9 * DAY,
    "updated_at": NOON - 9 * DAY,
}
TYPE: dict[str, Any] = {
    "price_minor": 0,
    "held": 0,
    "sold": 0,
    "min_per_order": 1,
    "max_per_order": 1,
}
USER: dict[str, Any] = {
    "email": "ada@example.com",
    "email_key": "ada@example.com",
    "username": "ada",
    "username_key": "ada",
    "password_hash": "",
    "role": "buyer",
    "created_at": NOON,
}
CODE: dict[str, Any] = {
    "event_id": 1,
    "code": "X",
    "kind": "percent",
    "value": 1,
    "ticket_type_ids": [],
}
ORDER: dict[str, Any] = {
    "buyer_id": 1,
    "event_id": 1,
    "total_minor": 0,
    "discount_minor": 0,
    "currency": "NGN",
    "placed_at": NOON,
    "expires_at": NOON,
}


class OldShop:
    """A database as an older release left it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._metadata = sa.MetaData()
        """The tables as they are since the last migration, as far as they were asked for."""

    def migrate_before(self, name: str) -> None:
        """Migrate up to the one of this name, which is left to do."""
        migrate(self._database, to=str(_revision(name).down_revision))
        self._metadata.clear()

    def migrate(self, name: str) -> None:
        migrate(self._database, to=_revision(name).revision)
        self._metadata.clear()

    def migrate_back_before(self, name: str) -> None:
        downgrade(self._database, str(_revision(name).down_revision))
        self._metadata.clear()

    def add(self, table: str, **values: Any) -> None:
        insert = self._table(table).insert().values(**values)
        with self._database.engine.begin() as connection:
            connection.execute(insert)

    def column(self, table: str, name: str) -> list[Any]:
        """The column's values, in the order of the rows' numbers; moments in UTC."""
        found = self._table(table)
        with self._database.engine.connect() as connection:
            values = connection.scalars(sa.select(found.c[name]).order_by(found.c.id)).all()
        return [
            value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else value
            for value in values
        ]

    def close(self) -> None:
        self._database.close()

    def _table(self, name: str) -> sa.Table:
        return sa.Table(name, self._metadata, autoload_with=self._database.engine)


def _revision(name: str) -> Script:
    """The migration in the file of this name, whatever its number."""
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return next(script for script in scripts if Path(script.path).stem[len("0000_") :] == name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OldShop]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
        yield OldShop(database)
        database.close()
        return
    with fresh_database(request.getfixturevalue("postgres"), "old") as url:
        database = Database(url, limits=PATIENT)
        yield OldShop(database)
        database.close()


class TestMomentsLeftBehind:
    def test_are_brought_to_their_event(self, old_shop: OldShop) -> None:
        old_shop.migrate_before("repair_moments_left_behind")
        doors: list[Any] = [NOON + 23 * HOUR, NOON - HOUR, None]
        ends: list[Any] = [None, NOON - HOUR / 2, NOON + 2 * HOUR]
        zones = ["localtime", "Factory", "Africa/Lagos"]
        for number, (door, end, zone) in enumerate(zip(doors, ends, zones, strict=True), 1):
            moments = {"doors_open_at": door, "ends_at": end, "time_zone": zone}
            old_shop.add("events", id=number, **{**EVENT, **moments})
        windows = [
            (1, None, NOON + 30 * DAY),
            (3, None, NOON + 3 * HOUR),
            (3, None, NOON + HOUR),
            (3, NOON + 4 * HOUR, NOON + 5 * HOUR),
        ]
        for number, (event_id, opens, closes) in enumerate(windows, 1):
            window = {"sales_open_at": opens, "sales_close_at": closes}
            names = {"name": f"T{number}", "name_key": f"t{number}"}
            old_shop.add("ticket_types", id=number, event_id=event_id, **names, **window, **TYPE)

        old_shop.migrate("repair_moments_left_behind")

        assert old_shop.column("events", "doors_open_at") == [NOON, NOON - HOUR, None]
        assert old_shop.column("events", "ends_at") == [None, None, NOON + 2 * HOUR]
        assert old_shop.column("events", "time_zone") == ["UTC", "UTC", "Africa/Lagos"]
        assert old_shop.column("ticket_types", "sales_close_at") == [
            NOON + 24 * HOUR,
            NOON + 2 * HOUR,
            NOON + HOUR,
            NOON + 5 * HOUR,
        ]


class TestKeysOfEvents:
    def test_are_made_anew(self, old_shop: OldShop) -> None:
        old_shop.migrate_before("find_names_as_they_are_typed")
        for number in range(1, 502):
            old_shop.add("events", id=number, **EVENT)
        emoji = "😀" * 200
        old_shop.add("events", id=502, **{**EVENT, "title": emoji, "title_key": emoji * 2})

        old_shop.migrate("find_names_as_they_are_typed")

        keys = old_shop.column("events", "search_text")
        assert keys == ["cafe\nlagos"] * 501 + [f"{emoji}\nlagos"]
        assert old_shop.column("events", "title_key") == ["café"] * 501 + [emoji]


class TestUsesOfPromoCodes:
    def test_of_refunded_orders_return_and_are_counted_again_by_the_older_release(
        self, old_shop: OldShop
    ) -> None:
        old_shop.migrate_before("stop_promo_codes")
        old_shop.add("events", id=1, **EVENT)
        old_shop.add("users", id=1, **USER)
        for number, (used, most) in enumerate([(3, None), (2, 2)], 1):
            old_shop.add(
                "promo_codes", id=number, code_key=str(number), used=used, max_uses=most, **CODE
            )
        for number, (code, status) in enumerate(
            [(1, "paid"), (1, "refunded"), (1, "pending"), (2, "refunded"), (2, "paid")], 1
        ):
            old_shop.add("orders", id=number, promo_code_id=code, status=status, **ORDER)

        old_shop.migrate("stop_promo_codes")

        assert old_shop.column("promo_codes", "used") == [2, 1]
        assert not any(old_shop.column("promo_codes", "is_stopped"))

        old_shop.migrate_back_before("stop_promo_codes")

        assert old_shop.column("promo_codes", "used") == [3, 2]


class TestDomainsWithSharpS:
    def test_are_told_apart(self, old_shop: OldShop) -> None:
        old_shop.migrate_before("tell_domains_with_sharp_s_apart")
        for number, email in enumerate(["ada@straße.example", "straße@example.com"], 1):
            key = email.replace("ß", "ss")
            names = {"username": key, "username_key": key, "email": email, "email_key": key}
            old_shop.add("users", id=number, **{**USER, **names})

        old_shop.migrate("tell_domains_with_sharp_s_apart")

        assert old_shop.column("users", "email_key") == [
            "ada@straße.example",
            "strasse@example.com",
        ]


class TestBodiesOfWebhooks:
    def test_are_gone_even_from_the_file(self, old_shop: OldShop, tmp_path: Path) -> None:
        old_shop.migrate_before("keep_disputes_and_no_webhook_bodies")
        for number in range(1, 101):
            old_shop.add(
                "webhook_deliveries",
                body_hash=f"{number:064}",
                event="charge.success",
                reference="TCK-1",
                body='{"authorization_code": "AUTH_reusable"}' * 20,
                received_at=NOON,
                attempts=1,
            )

        old_shop.migrate("keep_disputes_and_no_webhook_bodies")

        assert old_shop.column("webhook_deliveries", "reference") == ["TCK-1"] * 100
        old_shop.close()  # and write to the file what is in its log
        for file in tmp_path.iterdir():
            assert b"AUTH_reusable" not in file.read_bytes()


class TestPricesWithoutCoins:
    def test_are_rounded_in_the_buyers_favour(self, old_shop: OldShop) -> None:
        old_shop.migrate_before("round_prices_without_coins")
        for number, currency in enumerate(["XOF", "NGN"], 1):
            event = {**EVENT, "currency": currency, "price_minor": 150_050}
            old_shop.add("events", id=number, **event)
            priced = {**TYPE, "price_minor": 150_050}
            old_shop.add("ticket_types", event_id=number, name="A", name_key="a", **priced)
            for kind, value in (("fixed", 1_025), ("fixed", 1_000), ("percent", 25)):
                changed = {"event_id": number, "kind": kind, "value": value}
                names = {"code_key": f"{kind}{value}", "used": 0, "is_stopped": False}
                old_shop.add("promo_codes", **{**CODE, **changed, **names})

        old_shop.migrate("round_prices_without_coins")

        assert old_shop.column("events", "price_minor") == [150_000, 150_050]
        assert old_shop.column("ticket_types", "price_minor") == [150_000, 150_050]
        assert old_shop.column("promo_codes", "value") == [1_100, 1_000, 25, 1_025, 1_000, 25]


class TestHashesOfPasswords:
    def test_are_deleted(self, old_shop: OldShop) -> None:
        old_shop.migrate_before("forget_fingerprints_of_passwords")
        operations = ["POST /users/", "PATCH /users/me", "POST /users/me/password", "POST /events/"]
        for operation in operations:
            call = {"caller": "user:1", "operation": operation, "key": "1"}
            kept = {"fingerprint": "f" * 64, "owner": "", "claimed_at": NOON}
            old_shop.add("idempotency_keys", **call, **kept)

        old_shop.migrate("forget_fingerprints_of_passwords")

        assert old_shop.column("idempotency_keys", "operation") == ["POST /events/"]


class TestLostDisputes:
    def test_are_booked(self, old_shop: OldShop) -> None:
        old_shop.migrate_before("book_lost_disputes")
        old_shop.add("users", id=1, **USER)
        old_shop.add("events", id=1, **EVENT)
        old_shop.add("orders", id=1, status="paid", **ORDER)
        paid: dict[str, Any] = {"amount_minor": 500, "surplus_minor": 20, "asked": 0}
        old_shop.add(
            "payments",
            **{"id": 1, "order_id": 1, "reference": "T", "status": "succeeded", **paid},
            currency="NGN",
            started_at=NOON,
        )
        ends = [("merchant-accepted", 100), ("declined", 100), ("auto-accepted", None)]
        for number, (resolution, minor) in enumerate(ends, 1):
            moments = {"opened_at": NOON, "changed_at": NOON, "resolved_at": NOON}
            dispute = {"payment_id": 1, "provider_id": str(number), "amount_minor": minor}
            old_shop.add("disputes", resolution=resolution, **dispute, **moments)

        old_shop.migrate("book_lost_disputes")

        assert sorted(old_shop.column("ledger_entries", "amount_minor")) == [-520, -100, 100, 520]
        assert set(old_shop.column("ledger_entries", "account")) == {"disputes", "paystack"}
