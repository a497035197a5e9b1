"""Which code begins, joins and ends transactions."""

import ast
from pathlib import Path

APP = Path(__file__).parents[2] / "app"


def files_that_name(attribute: str) -> list[str]:
    """Files of the app, beside the provider simulator, that use an attribute of this name."""
    return [
        str(file.relative_to(APP.parent))
        for file in sorted(APP.rglob("*.py"))
        if "paystack_mock" not in file.parts and is_named(attribute, file.read_text())
    ]


def is_named(attribute: str, source: str) -> bool:
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.Attribute) and node.attr == attribute for node in nodes)


class TestTransactions:
    def test_are_committed_by_the_database_alone(self) -> None:
        assert files_that_name("commit") == ["app/repositories/database.py"]

    def test_are_joined_for_idempotency_keys_alone(self) -> None:
        assert files_that_name("joined") == ["app/services/operations/idempotency.py"]

    def test_would_be_found_elsewhere(self) -> None:
        assert is_named("commit", "self._connection.commit()")
        assert not is_named("commit", "commit()")
