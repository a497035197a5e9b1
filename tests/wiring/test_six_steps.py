"""The six steps against `uvicorn app.main:app` with no setting at all, in an empty folder."""

from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from tests.programs.servers import running_shop
from tests.steps.waiting import eventually
from tests.support.pictures import codes_in
from tests.wiring.customers import EVENT, Customer, create_event

pytestmark = pytest.mark.slow


class TestSixSteps:
    @pytest.mark.parametrize("workers", [1, 2])
    def test_lead_from_an_account_to_a_ticket(self, tmp_path: Path, workers: int) -> None:
        with running_shop(tmp_path, workers=workers, anew=True) as shop, shop.client() as http:
            self.walk(http)

            mail = eventually(lambda: self.ticket_mails(tmp_path))
            self.read(mail[0], http)

        assert (tmp_path / "var" / "ticketing.sqlite3").exists()
        assert {file.name.split("-")[0] for file in tmp_path.iterdir()} == {"var", "server"}

    @staticmethod
    def ticket_mails(folder: Path) -> list[Path]:
        files = (folder / "var" / "mail").glob("*.eml")
        return [file for file in files if b"image/png" in file.read_bytes()]

    def walk(self, http: httpx.Client) -> None:
        account = {"email": "test@example.com", "username": "testuser", "password": "password123"}
        assert http.post("/users/", json=account).status_code == 201

        form = {"username": "testuser", "password": "password123"}
        token = http.post("/token", data=form).json()
        assert token["token_type"] == "bearer"
        headers = {"Authorization": f"Bearer {token['access_token']}"}

        created = http.post("/events/", json=EVENT)
        assert (created.status_code, created.json()["id"]) == (201, 1)

        opened = http.post("/payments/pay", json={"event_id": 1}, headers=headers).json()
        assert opened["authorization_url"].startswith(str(http.base_url))

        verified = http.post(f"/payments/verify/{opened['reference']}", headers=headers)
        assert verified.status_code == 200, verified.text

        ticket = http.get(f"/tickets/{verified.json()['ticket_id']}", headers=headers)
        assert ticket.headers["content-type"] == "image/png"
        assert len(codes_in(ticket.content)) == 1

    def read(self, file: Path, http: httpx.Client) -> None:
        form = {"username": "testuser", "password": "password123"}
        token = http.post("/token", data=form).json()["access_token"]
        ticket = http.get("/tickets/1", headers={"Authorization": f"Bearer {token}"})

        mail = message_from_bytes(file.read_bytes(), policy=policy.default)

        parts = [part for part in mail.walk() if part.get_content_type() == "image/png"]
        assert mail["To"] == "test@example.com"
        assert [codes_in(part.get_content()) for part in parts] == [codes_in(ticket.content)]

    def test_need_no_fifth_one_when_the_webhook_comes(self, tmp_path: Path) -> None:
        with running_shop(tmp_path) as shop, shop.client() as http:
            ada = Customer.register(http, "ada")
            reference = ada.pay(create_event(http)).json()["reference"]

            paid = eventually(lambda: ada.payment(reference)["ticket_id"])

            assert paid is not None
            assert eventually(lambda: len(ada.mails(tmp_path))) == 1

    def test_survive_a_restart(self, tmp_path: Path) -> None:
        with running_shop(tmp_path) as shop, shop.client() as http:
            ada = Customer.register(http, "ada")
            reference = ada.pay(create_event(http)).json()["reference"]
            ticket_id = ada.verify(reference).json()["ticket_id"]

        with running_shop(tmp_path) as shop, shop.client() as http:
            ticket = http.get(f"/tickets/{ticket_id}", headers=ada.headers)

        assert ticket.status_code == 200
