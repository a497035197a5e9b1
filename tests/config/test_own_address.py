import re
from pathlib import Path

import pytest

from app.config import own_address
from tests.programs.servers import running_shop
from tests.steps.waiting import eventually


class TestOwnAddress:
    @pytest.mark.parametrize(
        ("arguments", "address"),
        [
            ("app.main:app", "http://127.0.0.1:8000"),
            ("app.main:app --port 8160", "http://127.0.0.1:8160"),
            ("app.main:app --port=8160 --workers 2", "http://127.0.0.1:8160"),
            ("app.main:app --host 0.0.0.0 --port 9000", "http://127.0.0.1:9000"),
            ("app.main:app --host ::1 --port 9000", "http://[::1]:9000"),
            ("app.main:app --host shop.local", "http://shop.local:8000"),
            ("app.main:app --port none", "http://127.0.0.1:8000"),
            ("work", "http://127.0.0.1:8000"),
        ],
    )
    def test_is_where_uvicorn_was_told_to_listen(self, arguments: str, address: str) -> None:
        assert own_address(arguments.split()) == address


class TestMail:
    @pytest.mark.slow
    @pytest.mark.parametrize("workers", [1, 2])
    def test_links_to_the_port_the_shop_was_started_at(self, tmp_path: Path, workers: int) -> None:
        account = {"email": "ada@example.com", "username": "ada.obi", "password": "password123"}
        with running_shop(tmp_path, workers=workers) as shop, shop.client() as http:
            http.post("/users", json=account).raise_for_status()
            mails = eventually(lambda: list((tmp_path / "var" / "mail").glob("*.eml")))

        links = re.findall(r"http://[^\s/\"]+", mails[0].read_text())
        assert links
        assert set(links) == {shop.url}
