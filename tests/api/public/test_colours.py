"""Stylesheets of organizations' colours."""

import httpx
import pytest

from tests.api.conftest import one_database

pytestmark = one_database


class TestColour:
    def test_is_used_where_it_can_be_read(self, api: httpx.Client) -> None:
        answer = api.get("/colours/1a5fb4.css")

        assert answer.headers["content-type"].startswith("text/css")
        assert "immutable" in answer.headers["cache-control"]
        light, dark = answer.text.splitlines()
        assert light.startswith("@media (prefers-color-scheme: light) { :root { ")
        assert "--fill: #1a5fb4; --fill-ink: #ffffff;" in light
        assert "--brand: #1a5fb4; --brand-ink: #ffffff;" in light
        assert dark.startswith("@media (prefers-color-scheme: dark) { :root { ")
        assert "--fill: #1a5fb4; --fill-ink: #ffffff;" in dark
        assert "--brand" not in dark

    def test_of_a_button_that_nobody_would_see_has_an_edge(self, api: httpx.Client) -> None:
        light, dark = api.get("/colours/ffffff.css").text.splitlines()

        assert "--fill: #ffffff; --fill-ink: #000000; --fill-edge: var(--edge);" in light
        assert "--brand" not in light
        assert "--fill-edge" not in dark
        assert "--brand: #ffffff" in dark

    @pytest.mark.parametrize(
        "name", ["1A5FB4", "1a5fb", "1a5fb4a", "zzzzzz", "1a5fb4%0a", "%7d%7d%7d", "..%2fshop"]
    )
    def test_of_anything_else_is_not_found(self, api: httpx.Client, name: str) -> None:
        assert api.get(f"/colours/{name}.css").status_code == 404
