import pytest

from app.domain.errors import AccountNotFound, AddressNotConfirmed
from app.domain.states import Role
from app.http.services import Services
from tests.support.factories import Factory


class TestSetRole:
    @pytest.mark.parametrize("name", ["ada", "ADA", "Ada@Example.com"])
    def test_changes_what_the_account_may_do(
        self, name: str, services: Services, make: Factory
    ) -> None:
        make.user(name="ada")

        changed = services.users.set_role(name=name, role=Role.ORGANIZER)

        assert changed.username == "ada"
        found = services.users.find(email="ada@example.com", username="ada")
        assert found is not None
        assert found.role == Role.ORGANIZER

    def test_refuses_a_name_nobody_has(self, services: Services, make: Factory) -> None:
        make.user(name="ada")

        with pytest.raises(AccountNotFound):
            services.users.set_role(name="bola", role=Role.ADMIN)

    def test_gives_nothing_to_an_address_that_was_not_confirmed(
        self, services: Services, make: Factory
    ) -> None:
        services.users.register(email="ada@example.com", username="mallory", password="x" * 8)

        with pytest.raises(AddressNotConfirmed):
            services.users.set_role(name="ada@example.com", role=Role.ORGANIZER)

    def test_gives_nothing_to_a_user_name_that_stands_for_an_address(
        self, services: Services, make: Factory
    ) -> None:
        services.users.register(
            email="m@example.com", username="ada\uff20example.com", password="x" * 8
        )
        ada = make.user(name="ada")

        assert services.users.set_role(name="ada@example.com", role=Role.ORGANIZER).id == ada.id


class TestTakeOnStaff:
    def test_takes_nobody_on_by_an_address_that_was_not_confirmed(
        self, services: Services, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        services.users.register(email="gate@example.com", username="mallory", password="x" * 8)

        with pytest.raises(AddressNotConfirmed):
            services.staff.take_on(event_id=event.id, organizer=organizer, name="gate@example.com")
        services.staff.take_on(event_id=event.id, organizer=organizer, name="mallory")


class TestFind:
    @pytest.mark.parametrize(
        ("email", "username", "is_found"),
        [
            ("ada@example.com", "ada", True),
            ("ADA@EXAMPLE.COM", "Ada", True),
            ("bola@example.com", "ada", False),
            ("ada@example.com", "bola", False),
            ("ada@example.com", "carl", False),
        ],
    )
    def test_wants_both_names_to_be_one_account(
        self, email: str, username: str, is_found: bool, services: Services, make: Factory
    ) -> None:
        make.user(name="ada")
        make.user(name="bola")

        assert (services.users.find(email=email, username=username) is not None) == is_found
