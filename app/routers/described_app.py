"""The app, and how it describes itself."""

from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app.schemas.problems import ProblemOut

_REFERENCE: Final = "#/components/schemas/{model}"


class DescribedApp(FastAPI):
    """An app whose description also holds the problem that every refusal refers to.

    FastAPI would describe refusals in the form of the answer: a ticket's as a picture.
    """

    def openapi(self) -> dict[str, Any]:
        described = super().openapi()
        schemas = described["components"]["schemas"]
        if ProblemOut.__name__ not in schemas:
            _, definitions = models_json_schema(
                [(ProblemOut, "serialization")], ref_template=_REFERENCE
            )
            schemas.update(definitions["$defs"])
            _put_files_last(described["paths"])
        return described


def _put_files_last(paths: dict[str, Any]) -> None:
    """Routes stand in the order they are matched in; people look for lists before files."""
    for path in [path for path in paths if "." in path.rpartition("/")[2]]:
        paths[path] = paths.pop(path)
