from pathlib import Path

import pytest

from app.config import ConfigurationError
from app.wiring.shop import build_app
from tests.config.test_settings import PRODUCTION, read, refusal


class TestPublicUrl:
    @pytest.mark.parametrize(
        "written",
        [
            None,
            "tickets.example.com",
            "http://tickets.example.com",
            "https://",
            "https://a:b@tickets.example.com",
            "https://tickets.example.com?x=1",
            "https://tickets.example.com/shop#x",
            "https://tickets.example.com:x/shop",
            "https://tickets.example.com//shop",
        ],
    )
    def test_is_an_address_in_production(self, tmp_path: Path, written: str | None) -> None:
        assert "PUBLIC_URL" in refusal(tmp_path, **(PRODUCTION | {"PUBLIC_URL": written}))

    @pytest.mark.parametrize(
        "written",
        ["https://example.com/shop", "https://example.com/shop/", "http://[::1]:8000/a/b//"],
    )
    def test_may_have_a_path_and_ends_without_a_slash(self, tmp_path: Path, written: str) -> None:
        assert read(tmp_path, PUBLIC_URL=written).public_url == written.rstrip("/")

    def test_is_refused_below_a_path_of_the_shop_itself(self, tmp_path: Path) -> None:
        settings = read(tmp_path, PUBLIC_URL="https://example.com/events")

        with pytest.raises(ConfigurationError, match="/shop"):
            build_app(settings.model_copy(update={"var_dir": tmp_path}))
