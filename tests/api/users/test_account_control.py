"""Admins stop accounts, and let them go on."""

import httpx

from app.domain.ids import MAX_ID
from app.http.services import Services
from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.support.factories import PASSWORD

ADA = {"username": "ada", "password": PASSWORD}


WHY = {"reason": "Asked for by phone"}


class TestDisableAccount:
    def test_ends_everything_at_once_until_it_is_enabled(
        self, api: httpx.Client, admin: Person, ada: Person
    ) -> None:
        path = f"/admin/people/{ada.user.id}"
        refresh = {"refresh_token": api.post("/token", data=ADA).json()["refresh_token"]}

        disabled = api.post(f"{path}/disable", json=WHY, headers=admin.headers)

        assert disabled.status_code == 200
        assert disabled.json()["disabled_at"] is not None
        assert code_of(api.get("/users/me", headers=ada.headers)) == (401, "not-logged-in")
        assert code_of(api.post("/token/refresh", json=refresh)) == (401, "refresh-token-invalid")
        assert code_of(api.post("/token", data=ADA)) == (403, "account-disabled")

        enabled = api.post(f"{path}/enable", json=WHY, headers=admin.headers)

        assert enabled.json()["disabled_at"] is None
        assert api.post("/token", data=ADA).status_code == 200
        assert code_of(api.get("/users/me", headers=ada.headers)) == (401, "not-logged-in")

    def test_tells_nobody_who_does_not_know_the_password(
        self, api: httpx.Client, admin: Person, ada: Person
    ) -> None:
        api.post(f"/admin/people/{ada.user.id}/disable", json=WHY, headers=admin.headers)

        answer = api.post("/token", data=ADA | {"password": "wrong"})

        assert code_of(answer) == (401, "wrong-credentials")

    def test_stops_an_organizer(
        self, api: httpx.Client, admin: Person, organizer: Person, ada: Person
    ) -> None:
        api.post(f"/admin/people/{organizer.user.id}/disable", json=WHY, headers=admin.headers)

        answer = api.get("/users/me", headers=organizer.headers)

        assert code_of(answer) == (401, "not-logged-in")
        assert api.get("/users/me", headers=ada.headers).status_code == 200

    def test_is_not_for_ones_own_account(self, api: httpx.Client, admin: Person) -> None:
        path = f"/admin/people/{admin.user.id}"

        answer = api.post(f"{path}/disable", json=WHY, headers=admin.headers)

        assert code_of(answer) == (409, "own-account")
        assert api.get("/users/me", headers=admin.headers).status_code == 200

    def test_enables_no_account_that_was_deleted(
        self, services: Services, api: httpx.Client, admin: Person, ada: Person
    ) -> None:
        services.account_deletion.delete_own(user=ada.user, password=PASSWORD)

        answer = api.post(f"/admin/people/{ada.user.id}/enable", json=WHY, headers=admin.headers)

        assert code_of(answer) == (409, "account-deleted")

    def test_needs_an_account(self, api: httpx.Client, admin: Person) -> None:
        answer = api.post(f"/admin/people/{MAX_ID}/disable", json=WHY, headers=admin.headers)

        assert code_of(answer) == (404, "account-not-found")


class TestLogAccountOut:
    def test_ends_all_logins_and_lets_log_in_again(
        self, api: httpx.Client, admin: Person, ada: Person
    ) -> None:
        answer = api.post(f"/admin/people/{ada.user.id}/log-out", json=WHY, headers=admin.headers)

        assert answer.status_code == 204
        assert code_of(api.get("/users/me", headers=ada.headers)) == (401, "not-logged-in")
        assert api.post("/token", data=ADA).status_code == 200
