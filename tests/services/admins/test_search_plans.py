"""What a search asks: nothing that looks through all people, orders, payments, tickets or mails."""

import re
from typing import Final

import pytest

from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from tests.services.operations.test_work_plans import looks_through
from tests.steps.statements import asked
from tests.support.factories import Factory

READ_THROUGH: Final = re.compile(
    r"\b(events|disputes|two_step_secrets|ix_refunds_stuck)\b"
    r"|SUBQUERY|subquery|CONSTANT|anon_|None None"
)
"""Events are few, and words are looked for inside their titles; so are disputes, secrets of
authenticator apps, and what was found."""


class TestSearch:
    @pytest.mark.parametrize(
        "words", ["ada@example.com", "ada", "ada grace obi", "17", "7K3M-Q9XD-2VTB-R5HN"]
    )
    def test_looks_things_up(
        self, services: Services, database: Database, make: Factory, words: str
    ) -> None:
        admin, ada = make.user(role=Role.ADMIN), make.user(name="ada")
        make.buy(ada, make.event().id)

        with asked(database) as statements:
            services.admin_search.search(caller=admin, words=words, limit=5)
            services.attention.page(caller=admin, after=None, limit=20)
            services.messages.page(
                caller=admin, words=words, status=None, kind=None, after=None, limit=20
            )

        assert len(statements) >= 7
        found = {
            statement: whole
            for statement, parameters in statements.items()
            if statement.lstrip().upper().startswith("SELECT")
            and (
                whole := [
                    each
                    for each in looks_through(database, statement, parameters)
                    if not READ_THROUGH.search(each)
                ]
            )
        }
        assert list(found.values()) == []
