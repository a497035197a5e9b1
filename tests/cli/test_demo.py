from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.programs.commands import run_alone
from tests.programs.servers import Server, free_port, running_mock, running_shop
from tests.support.pictures import codes_on

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


def opens_a_door(picture: Path) -> bool:
    with Image.open(picture) as image:
        codes = codes_on(image)
    return [code[:4] for code in codes] == ["TK1:"]


class TestDemo:
    def test_buys_a_ticket_from_a_server_of_its_own(self, tmp_path: Path) -> None:
        bought = run_alone("demo", folder=tmp_path)

        assert bought.returncode == 0, bought.stderr
        picture = tmp_path / "var" / "ticket-1.png"
        assert str(picture) in bought.stdout
        assert opens_a_door(picture)
        assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["ticket-1.png"]

    def test_starts_a_demo_whatever_this_machine_is_set_to(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("ENVIRONMENT=production\n")
        settings = {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}

        bought = run_alone("demo", folder=tmp_path, environment=settings)

        assert bought.returncode == 0, bought.stderr

    def test_prints_each_request_and_its_answer_but_no_secret(
        self, shop: Server, tmp_path: Path
    ) -> None:
        bought = run_alone("demo", "--url", shop.url, folder=tmp_path)

        assert bought.returncode == 0, bought.stderr
        for line in (
            f"POST {shop.url}/users/",
            '"username":"testuser"',
            f"POST {shop.url}/token",
            "username=testuser&password=password123",
            f"POST {shop.url}/events/",
            '"event_id":',
            f"POST {shop.url}/payments/verify/TCK-",
            "Authorization: Bearer …",
            "→ 200 OK, image/png",
        ):
            assert line in bought.stdout
        assert "eyJ" not in bought.stdout

    def test_uses_the_account_it_opened_before(self, shop: Server, tmp_path: Path) -> None:
        run_alone("demo", "--url", shop.url, folder=tmp_path)

        again = run_alone("demo", "--url", shop.url, "--save", "again.png", folder=tmp_path)

        assert again.returncode == 0, again.stderr
        assert "409 Conflict" in again.stdout
        assert opens_a_door(tmp_path / "again.png")

    def test_says_which_step_failed(self, tmp_path: Path) -> None:
        with running_shop(tmp_path) as shop:
            with shop.client() as somebody:
                account = {
                    "email": "test@example.com",
                    "username": "testuser",
                    "password": "another password",
                }
                assert somebody.post("/users/", json=account).status_code == 201

            failed = run_alone("demo", "--url", shop.url, folder=tmp_path)

        assert failed.returncode == 1
        assert "step 2 (Log in) was answered 401: The user name, e-mail address or" in failed.stderr
        assert "Traceback" not in failed.stderr

    def test_says_that_nobody_listens(self, tmp_path: Path) -> None:
        url = f"http://127.0.0.1:{free_port()}"

        failed = run_alone("demo", "--url", url, folder=tmp_path)

        assert failed.returncode == 1
        assert f"step 1 (Register): no answer from {url}" in failed.stderr

    def test_notices_that_somebody_else_listens(self, tmp_path: Path) -> None:
        with running_mock(tmp_path / "mock") as mock:
            failed = run_alone("demo", "--url", mock.url, folder=tmp_path)

        assert failed.returncode == 1
        assert "step 1 (Register) was answered 404" in failed.stderr

    @pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://example.com", "http://"])
    def test_refuses_what_is_no_address(self, url: str, tmp_path: Path) -> None:
        assert run_alone("demo", "--url", url, folder=tmp_path).returncode == 2
