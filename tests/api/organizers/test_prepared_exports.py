"""Prepared exports over HTTP and in the console."""

import re

import httpx
import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.steps.browsing import Visitor
from tests.steps.console import signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory


class TestApi:
    @one_database
    def test_prepares_shows_and_downloads(
        self, api: httpx.Client, make: Factory, organizer: Person, ada: Person, services: Services
    ) -> None:
        event = make.event(organizer=organizer.user)
        make.order(ada.user, event.id)
        path = f"/events/{event.id}/exports"
        wanted = {"kind": "orders", "format": "csv"}
        once = {**organizer.headers, "Idempotency-Key": "once"}

        asked = api.post(path, json=wanted, headers=once)

        assert asked.status_code == 202, asked.text
        assert asked.json()["state"] == "waiting"
        assert api.post(path, json=wanted, headers=once).json() == asked.json()
        export = f"/exports/{asked.json()['id']}"
        early = api.get(f"{export}/file", headers=organizer.headers)
        assert code_of(early) == (409, "export-not-ready")
        services.export_jobs.write_due()
        shown = api.get(export, headers=organizer.headers).json()
        assert (shown["state"], shown["rows"], shown["rows_expected"]) == ("ready", 1, 1)
        file = api.get(f"{export}/file", headers=organizer.headers)
        assert file.headers["content-type"] == "text/csv; charset=utf-8"
        assert file.headers["cache-control"] == "no-store"
        assert f'filename="event-{event.id}-orders.csv"' in file.headers["content-disposition"]
        assert len(file.content) == shown["bytes"]
        for address in (export, f"{export}/file"):
            stranger = api.get(address, headers=ada.headers)
            assert code_of(stranger) == (404, "export-not-found")

    @one_database
    @pytest.mark.parametrize(
        "body", [{"kind": "passwords"}, {"kind": "orders", "format": "xls"}, {}]
    )
    def test_refuses_what_is_no_export(
        self, api: httpx.Client, make: Factory, organizer: Person, body: dict[str, str]
    ) -> None:
        event = make.event(organizer=organizer.user)

        answer = api.post(f"/events/{event.id}/exports", json=body, headers=organizer.headers)

        assert code_of(answer) == (422, "validation-failed")


class TestConsole:
    def test_prepares_a_file_and_shows_how_far_it_is(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller)
        make.order(make.user(), event.id)
        path = f"/manage/events/{event.id}/exports"
        visitor.open(path)

        answer = visitor.post(path, kind="orders", format="xlsx")

        address = answer.headers["location"]
        assert re.fullmatch(rf"{path}/\d+", address)
        again = visitor.post(path, kind="orders", format="xlsx")
        assert again.headers["location"] == address, "a button that is pressed twice"
        assert "See how far it is" in visitor.open(address)
        services.export_jobs.write_due()
        assert f'href="{address}/file"' in visitor.open(address)
        assert visitor.get(f"{address}/file").content.startswith(b"PK")
        assert f'href="{address}"' in visitor.open(path)

    def test_says_what_cannot_be_prepared(
        self, visitor: Visitor, seller: User, make: Factory
    ) -> None:
        event = make.event(organizer=seller)
        path = f"/manage/events/{event.id}/exports"
        visitor.open(path)

        answer = visitor.post(path, 422, kind="passwords", format="xlsx")

        assert 'id="kind-error"' in answer.text

    def test_offers_what_the_role_allows(
        self, visitor: Visitor, make: Factory, services: Services
    ) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        checker = make.user()
        band.join(checker, OrganizationRole.CHECKER)
        path = f"/manage/events/{event.id}/exports"

        page = signed_in(visitor, checker).open(path)

        assert f"{path}/attendees.xlsx" in page
        assert f"{path}/ledger.xlsx" not in page
        assert 'value="ledger"' not in page

    def test_shows_files_at_the_address_of_their_event_alone(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event, other = make.event(organizer=seller), make.event(organizer=seller)
        path = f"/manage/events/{event.id}/exports"
        visitor.open(path)
        address = visitor.post(path, kind="orders", format="csv").headers["location"]
        services.export_jobs.write_due()
        elsewhere = address.replace(f"/{event.id}/", f"/{other.id}/")

        visitor.open(address)
        for page in (elsewhere, f"{elsewhere}/file"):
            visitor.open(page, 404)

    def test_shows_files_to_who_asked_alone(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller)
        path = f"/manage/events/{event.id}/exports"
        visitor.open(path)
        address = visitor.post(path, kind="orders", format="csv").headers["location"]
        services.export_jobs.write_due()
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        for page in (path, address, f"{address}/file"):
            rival.open(page, 404)
