import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.config import (
    ConfigurationError,
    Environment,
    Settings,
    demo_secret,
    sealed_text,
    summary_of,
    warnings_of,
)
from app.database.postgresql import normal_url
from tests.programs.servers import settings_only

TICKET_KEY = "Zx8KwVu3TnRb6YpLc1HdMf9GsJq2EaWo"
SECRET = "q7Jw2mXzR5tVb9KcY4nHd8LfGs3PaEu6"
LIVE_KEY = "sk_live_0123456789abcdef0123456789abcdef"
TEST_KEY = LIVE_KEY.replace("live", "test")

PRODUCTION: dict[str, str | None] = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": SECRET,
    "TICKET_KEYS": TICKET_KEY,
    "PAYSTACK_SECRET_KEY": LIVE_KEY,
    "PUBLIC_URL": "https://tickets.example.com",
}


def read(folder: Path, **environment: str | None) -> Settings:
    """The settings as written in a file ``.env``: what is ``None`` is not."""
    lines = [f"{name}={value}" for name, value in environment.items() if value is not None]
    file = folder / ".env"
    file.write_text("\n".join(lines))
    return Settings(_env_file=file)


def refusal(folder: Path, **environment: str | None) -> str:
    with pytest.raises(ValidationError) as refused:
        read(folder, **environment)
    return str(refused.value)


@pytest.fixture(autouse=True)
def machine_has_no_settings() -> None:
    ours = {name.upper() for name in Settings.model_fields} & {name.upper() for name in os.environ}
    if ours:
        pytest.skip(f"this machine sets {', '.join(sorted(ours))}")


class TestSettings:
    def test_need_nothing_for_the_demo(self, tmp_path: Path) -> None:
        settings = read(tmp_path)

        assert settings.environment == Environment.DEMO
        assert settings.uses_mock
        assert settings.migrates_on_start
        assert settings.work_in_process
        assert not settings.logs_json
        assert settings.database == "sqlite:///var/ticketing.sqlite3"
        (warning,) = warnings_of(settings)
        assert "no real money" in warning

    def test_are_those_of_a_shop_in_production(self, tmp_path: Path) -> None:
        settings = read(tmp_path, **PRODUCTION)

        assert not settings.uses_mock
        assert not settings.migrates_on_start
        assert settings.logs_json
        assert settings.paystack_url == "https://api.paystack.co"

    @pytest.mark.parametrize(
        ("named", "changed"),
        [
            ("SECRET_KEY", {"SECRET_KEY": None}),
            ("SECRET_KEY", {"SECRET_KEY": ""}),
            ("TICKET_KEYS", {"TICKET_KEYS": None}),
            ("TICKET_KEYS_FILE", {"TICKET_KEYS_FILE": "keys"}),
            ("PAYSTACK_SECRET_KEY", {"PAYSTACK_SECRET_KEY": None}),
            ("PAYSTACK_SECRET_KEY", {"PAYSTACK_SECRET_KEY": "  "}),
            ("PAYSTACK_SECRET_KEY", {"PAYSTACK_SECRET_KEY": LIVE_KEY.replace("sk_", "pk_")}),
            ("PAYSTACK_SECRET_KEY", {"PAYSTACK_SECRET_KEY": "sk_live_short"}),
            ("PAYSTACK_ALLOW_TEST_KEY", {"PAYSTACK_SECRET_KEY": TEST_KEY}),
            ("PAYSTACK_BASE_URL", {"PAYSTACK_BASE_URL": "http://127.0.0.1:8001"}),
        ],
    )
    def test_refuse_an_unsafe_production_by_name(
        self, named: str, changed: dict[str, str | None], tmp_path: Path
    ) -> None:
        assert named in refusal(tmp_path, **(PRODUCTION | changed))

    def test_name_everything_that_is_missing_at_once(self, tmp_path: Path) -> None:
        said = refusal(tmp_path, ENVIRONMENT="production")

        for name in ("SECRET_KEY", "TICKET_KEYS", "PAYSTACK_SECRET_KEY", "PUBLIC_URL"):
            assert f"Production needs {name}" in said

    def test_let_production_try_a_test_key_when_told_to(self, tmp_path: Path) -> None:
        changed = {"PAYSTACK_SECRET_KEY": TEST_KEY, "PAYSTACK_ALLOW_TEST_KEY": "true"}

        assert not read(tmp_path, **(PRODUCTION | changed)).uses_mock

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_take_each_form_of_a_postgresql_url(self, scheme: str, tmp_path: Path) -> None:
        settings = read(tmp_path, DATABASE_URL=f"{scheme}://ada:secret@db.example.com/tickets")

        url = normal_url(settings.database)
        assert url == "postgresql+psycopg://ada:secret@db.example.com/tickets"
        assert summary_of(settings)["database"] == "PostgreSQL"

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql:///tickets?host=/run/postgresql",
            "postgresql://ada:hush@one:5432,two:5433/tickets?target_session_attrs=read-write",
            "postgresql://ada:hu%2Fsh@[::1]:5433/tickets",
            "sqlite:////srv/tickets.sqlite3",
            r"sqlite:///C:\tickets\tickets.sqlite3",
        ],
    )
    def test_take_other_databases(self, url: str, tmp_path: Path) -> None:
        assert read(tmp_path, DATABASE_URL=f"'{url}'").database == url

    @pytest.mark.parametrize(
        "url",
        [
            "tickets.sqlite3",
            "mysql://ada:hush@host/tickets",
            "postgresql+asyncpg://ada:hush@host/tickets",
            "postgresql:ada:hush@host/tickets",
            "postgresql://ada:hush@host:port/tickets",
            "postgresql://ada:hush@one:5432,two:port/tickets",
            "postgresql://ada:hush@[host/tickets",
            "sqlite://",
            "sqlite:///",
            "sqlite:///:memory:",
            "sqlite:///file:tickets?mode=memory&uri=true",
            "sqlite://tickets.sqlite3",
        ],
    )
    def test_refuse_a_database_that_cannot_be_used(self, url: str, tmp_path: Path) -> None:
        refused = refusal(tmp_path, DATABASE_URL=f"'{url}'")

        assert "DATABASE_URL must be postgresql://USER:PASSWORD@HOST/NAME" in refused
        assert "hush" not in refused

    @pytest.mark.parametrize("written", ["90", "90.0", "PT90S", "PT1M30S"])
    def test_read_a_duration_as_seconds_or_iso_8601(self, written: str, tmp_path: Path) -> None:
        assert read(tmp_path, HOLD_FOR=written).hold_for == timedelta(seconds=90)

    @pytest.mark.parametrize("written", ["0", "-5", "soon", "nan", "inf", "PT0S"])
    def test_refuse_a_duration_that_is_none(self, written: str, tmp_path: Path) -> None:
        assert "hold_for" in refusal(tmp_path, HOLD_FOR=written)

    @pytest.mark.parametrize("written", ["localtime", "Factory", "Lagos"])
    def test_refuse_a_time_zone_that_is_none(self, written: str, tmp_path: Path) -> None:
        assert "default_time_zone" in refusal(tmp_path, DEFAULT_TIME_ZONE=written)

    def test_take_a_blank_value_for_an_absent_one(self, tmp_path: Path) -> None:
        blank = dict.fromkeys((name.upper() for name in Settings.model_fields), "")

        assert read(tmp_path, **blank) == read(tmp_path)

    def test_let_the_environment_go_before_the_file(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("HOLD_FOR=60\nLOG_LEVEL=ERROR\nSOMEBODY_ELSES=1\n")

        printed = subprocess.run(
            [
                *(sys.executable, "-c"),
                "from app.config import Settings; s = Settings(); print(s.hold_for, s.log_level)",
            ],
            cwd=tmp_path,
            env=settings_only({"HOLD_FOR": "30"}),
            capture_output=True,
            text=True,
            check=True,
        )

        assert printed.stdout == "0:00:30 ERROR\n"

    @pytest.mark.parametrize(
        ("environment", "url"),
        [
            ({"RENDER_EXTERNAL_URL": "https://a.onrender.com"}, "https://a.onrender.com"),
            (
                {
                    "PUBLIC_URL": "https://tickets.example.com",
                    "RENDER_EXTERNAL_URL": "https://a.onrender.com",
                },
                "https://tickets.example.com",
            ),
        ],
    )
    def test_know_the_address_render_gives_unless_told_another(
        self, environment: dict[str, str | None], url: str, tmp_path: Path
    ) -> None:
        assert read(tmp_path, **environment).public_url == url

    def test_show_no_secret(self, tmp_path: Path) -> None:
        settings = read(tmp_path, **PRODUCTION, SMTP_URL="smtp://ada:hunter22@mail.example.com")

        shown = f"{settings!r} {settings} {settings.model_dump_json()} {summary_of(settings)}"

        for secret in (SECRET, TICKET_KEY, LIVE_KEY, "hunter22"):
            assert secret not in shown

    def test_show_no_secret_when_they_refuse(self, tmp_path: Path) -> None:
        said = refusal(tmp_path, **(PRODUCTION | {"SECRET_KEY": "hunter22"}))

        assert "hunter22" not in said
        assert LIVE_KEY not in said

    def test_cannot_be_changed(self, tmp_path: Path) -> None:
        settings: Any = read(tmp_path)

        with pytest.raises(ValidationError):
            settings.environment = Environment.PRODUCTION

    @pytest.mark.parametrize("name", sorted(Settings.model_fields))
    def test_are_each_described(self, name: str) -> None:
        description = Settings.model_fields[name].description

        assert description
        assert description.endswith(".")


class TestWarnings:
    def test_are_of_what_a_shop_in_production_may_lose(self, tmp_path: Path) -> None:
        of_orders, of_pictures, of_proxies, of_mail = warnings_of(read(tmp_path, **PRODUCTION))

        assert "sqlite:///var/ticketing.sqlite3: be sure that it outlives" in of_orders
        assert "var/pictures/: be sure that it outlives" in of_pictures
        assert "TRUSTED_PROXIES is not set" in of_proxies
        assert "No SMTP_URL is set: mail is written to var/mail/" in of_mail

    def test_are_none_where_nothing_can_be_lost(self, tmp_path: Path) -> None:
        kept = {
            "DATABASE_URL": "postgresql://ada@host/tickets",
            "DATABASE_PREPARE": "false",
            "SMTP_URL": "smtps://mail.example",
            "TRUSTED_PROXIES": "1",
            "S3_BUCKET_URL": "https://s3.example.com/shop",
            "S3_ACCESS_KEY": "KEY",
            "S3_SECRET_KEY": "hunter33",
        }

        assert list(warnings_of(read(tmp_path, **(PRODUCTION | kept)))) == []


class TestDatabaseSummary:
    def test_keeps_the_password_of_any_url_to_itself(self, tmp_path: Path) -> None:
        url = "postgresql+psycopg://ada:hunter22@db.example.com/tickets"

        assert "hunter22" not in str(summary_of(read(tmp_path, DATABASE_URL=url)))


class TestDemoSecret:
    def test_is_made_once_and_kept(self, tmp_path: Path) -> None:
        first = demo_secret(tmp_path / "var", "key", prefix="sk_test_")

        assert first.startswith("sk_test_")
        assert len(first) >= 32
        assert demo_secret(tmp_path / "var", "key") == first
        assert [file.name for file in (tmp_path / "var").iterdir()] == ["key"]

    def test_is_for_its_owner_only(self, tmp_path: Path) -> None:
        demo_secret(tmp_path, "key")

        assert (tmp_path / "key").stat().st_mode & 0o077 == 0


class TestSealedText:
    def test_is_read_from_a_file_of_its_owner_s(self, tmp_path: Path) -> None:
        file = tmp_path / "keys"
        file.touch(mode=0o600)
        file.write_text("1:secret\n")

        assert sealed_text(file) == "1:secret"

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
    def test_is_refused_from_a_file_others_may_read(self, mode: int, tmp_path: Path) -> None:
        file = tmp_path / "keys"
        file.write_text("1:secret")
        file.chmod(mode)

        with pytest.raises(ConfigurationError, match="chmod 600") as refused:
            sealed_text(file)
        assert "secret\n" not in str(refused.value)

    def test_says_which_file_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="absent"):
            sealed_text(tmp_path / "absent")
