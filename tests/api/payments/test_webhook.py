"""What Paystack tells the shop, and what others would like it to believe."""

import hmac
import json
from collections.abc import Callable, Iterator
from hashlib import sha256, sha512

import httpx
import pytest
from sqlalchemy import text

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.http.services import Services
from app.repositories.database import Database
from tests.api.answers import code_of
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

KEY = "sk_test_" + "feedc0de" * 4
PATH = "/payments/webhook"
BODY = b'{"event": "charge.success",  "data": {"reference": "TCK-1", "amount": 250000}}'


class SignedGateway(FakeGateway):
    """The fake provider, with Paystack's own way of checking signatures."""

    is_signed_for_real: Callable[[bytes, str | None], bool]

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        return self.is_signed_for_real(body, signature)


@pytest.fixture
def gateway(clock: FakeClock) -> Iterator[FakeGateway]:
    bulkhead = Bulkhead(breaker=Breaker(name="paystack"), max_in_flight=1)
    with open_http("https://paystack.test", max_in_flight=1) as http:
        real = PaystackGateway(http=http, bulkhead=bulkhead, secret_key=KEY, clock=clock)
        gateway = SignedGateway()
        gateway.is_signed_for_real = real.is_signed
        yield gateway


def sign(body: bytes, key: str = KEY) -> str:
    return hmac.new(key.encode(), body, sha512).hexdigest()


def post(api: httpx.Client, body: bytes, signature: str | None = None) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["x-paystack-signature"] = signature
    return api.post(PATH, content=body, headers=headers)


def message(reference: str, event: str = "charge.success") -> bytes:
    return json.dumps({"event": event, "data": {"reference": reference}}).encode()


def stored(database: Database) -> int:
    with database.connection() as connection:
        return int(connection.execute(text("SELECT count(*) FROM webhook_deliveries")).scalar_one())


class TestWebhook:
    def test_is_stored_and_acted_on_afterwards(
        self, api: httpx.Client, make: Factory, database: Database, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        payment = make.pay(ada, make.event().id).payment
        body = message(payment.reference)

        answer = post(api, body, sign(body))
        make.work()

        assert answer.status_code == 200
        assert answer.json() == {"received": True, "is_new": True}
        assert stored(database) == 1
        assert len(mailer.to(ada.email)) == 1

    def test_changes_nothing_when_repeated(
        self, api: httpx.Client, make: Factory, database: Database, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        body = message(make.pay(ada, make.event().id).payment.reference)
        post(api, body, sign(body))
        make.work()

        answer = post(api, body, sign(body))
        make.work()

        assert answer.json() == {"received": True, "is_new": False}
        assert stored(database) == 1
        assert len(mailer.to(ada.email)) == 1

    def test_is_not_believed_but_looked_up(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, services: Services
    ) -> None:
        gateway.pays_at_once = False
        ada = make.user()
        reference = make.pay(ada, make.event().id).payment.reference
        body = message(reference)

        post(api, body, sign(body))
        make.work()

        assert services.payments.get(reference=reference, buyer=ada).tickets == ()

    def test_may_come_to_an_address_with_a_query(self, api: httpx.Client) -> None:
        headers = {"x-paystack-signature": sign(BODY)}

        answer = api.post(f"{PATH}?token=abc&token=def", content=BODY, headers=headers)

        assert answer.status_code == 200

    @pytest.mark.parametrize("path", [PATH, f"{PATH}/", "/payments/pay"])
    def test_cannot_be_read_back(self, api: httpx.Client, path: str) -> None:
        answer = api.get(path)

        assert code_of(answer) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "POST"

    def test_of_other_software_may_be_long(self, api: httpx.Client, database: Database) -> None:
        event = {"event": "invoice.update", "data": {"note": "x" * 500_000}}
        body = json.dumps(event).encode()

        answer = post(api, body, sign(body))

        assert answer.status_code == 200
        assert stored(database) == 1

    @pytest.mark.parametrize("event", ["charge.success", "refund.processed", "transfer.success"])
    def test_about_nothing_of_ours_is_harmless(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, event: str
    ) -> None:
        body = message("SOMEBODY-ELSES", event)

        answer = post(api, body, sign(body))
        make.work()

        assert answer.status_code == 200
        assert gateway.asked == []


SPACED = json.dumps(json.loads(BODY), indent=1).encode()
FORGERIES = {
    "missing": (BODY, None),
    "empty": (BODY, ""),
    "truncated": (BODY, sign(BODY)[:-1]),
    "longer": (BODY, sign(BODY) + "0"),
    "upper-case": (BODY, sign(BODY).upper()),
    "wrong algorithm": (BODY, hmac.new(KEY.encode(), BODY, sha256).hexdigest()),
    "plain hash": (BODY, sha512(BODY).hexdigest()),
    "re-serialised body": (SPACED, sign(BODY)),
    "other key": (BODY, sign(BODY, "sk_test_" + "0" * 32)),
    "empty key": (BODY, sign(BODY, "")),
    "signature of another body": (BODY, sign(message("TCK-2"))),
    "one bit changed": (BODY.replace(b"250000", b"250001"), sign(BODY)),
    "no body": (b"", sign(BODY)),
    "two signatures": (BODY, f"{sign(BODY)}, {sign(BODY)}"),
    "odd characters": (BODY, "ä" * 128),
}
UNREADABLE = {
    "not JSON": b"event=charge.success",
    "UTF-16": json.dumps({"event": "charge.success", "data": {}}).encode("utf-16"),
    "not UTF-8": b'{"event": "\xff", "data": {}}',
    "a list": b"[]",
    "a number": b"5",
    "no event": b'{"data": {"reference": "TCK-1"}}',
    "no data": b'{"event": "charge.success"}',
    "data of another kind": b'{"event": "charge.success", "data": "TCK-1"}',
    "event of another kind": b'{"event": 5, "data": {}}',
    "NUL in the event": b'{"event": "a\\u0000b", "data": {}}',
    "surrogate in the event": b'{"event": "\\ud800", "data": {}}',
    "deep": b"[" * 5000 + b"]" * 5000,
    "digits": b'{"event": ' + b"9" * 5000 + b', "data": {}}',
    "nothing": b"",
}
ODD_REFERENCES = ["\x00", "\ud800", "x" * 5000, 5, None, [], {}, True, ""]


class TestForgery:
    def test_has_no_effect(self, api: httpx.Client, database: Database) -> None:
        for name, (body, signature) in FORGERIES.items():
            raw = None if signature is None else signature.encode()
            headers = {} if raw is None else {b"x-paystack-signature": raw}

            answer = api.post(PATH, content=body, headers=headers)

            assert code_of(answer) == (401, "webhook-rejected"), name
        assert stored(database) == 0

    def test_is_not_read_when_it_is_too_large(self, api: httpx.Client, database: Database) -> None:
        body = b'{"event": "charge.success", "data": {"x": "' + b"x" * 2_000_000 + b'"}}'

        answer = post(api, body, sign(body))

        assert code_of(answer) == (413, "content-too-large")
        assert stored(database) == 0

    def test_is_told_apart_from_the_real_thing(self, api: httpx.Client) -> None:
        assert post(api, BODY, sign(BODY)).status_code == 200


class TestSignedNonsense:
    def test_is_refused(self, api: httpx.Client, database: Database) -> None:
        for name, body in UNREADABLE.items():
            answer = post(api, body, sign(body))

            assert code_of(answer) == (400, "webhook-unreadable"), name
        assert stored(database) == 0

    def test_in_place_of_a_reference_is_stored_and_harmless(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        for reference in ODD_REFERENCES:
            body = json.dumps({"event": "charge.success", "data": {"reference": reference}})

            answer = post(api, body.encode(), sign(body.encode()))

            assert answer.status_code == 200, reference
        make.work()
        assert gateway.asked == []
