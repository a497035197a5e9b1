"""Every operation of the API, read from its own description: a new one is tested as well."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
IN_PATH = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """A method of an address, with the schema of the body it reads, if it reads one."""

    method: str
    template: str
    described: dict[str, Any]
    media_type: str | None
    body: dict[str, Any]
    schemas: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def path(self) -> str:
        """The address, with something plausible in its holes."""
        return IN_PATH.sub(lambda hole: self._filling(hole.group(1)), self.template)

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def example(self) -> dict[str, Any]:
        """A body the operation takes."""
        if "examples" in self.body:
            whole: dict[str, Any] = self.body["examples"][0]
            return whole
        fields = self.body["properties"].items()
        return {name: schema["examples"][0] for name, schema in fields if "examples" in schema}

    def covers(self, other: "Operation") -> bool:
        """Whether the other's address could be read as one of this template's."""
        pattern = IN_PATH.sub("[^/]+", self.template)
        return re.fullmatch(pattern, other.template) is not None

    def properties(self) -> Iterator[tuple[str, set[str]]]:
        """The fields of the body, each with the JSON types it takes."""
        for name, schema in self.body["properties"].items():
            choices = [resolved(choice, self.schemas) for choice in schema.get("anyOf", [schema])]
            yield name, {str(choice.get("type")) for choice in choices} - {"null"}

    def send(
        self,
        api: httpx.Client,
        content: Any,
        *,
        headers: dict[str, str],
        content_type: str | None = None,
    ) -> httpx.Response:
        sent = {**headers, "Content-Type": content_type or self.media_type or JSON}
        return api.request(self.method, self.path, content=content, headers=sent)

    def _filling(self, name: str) -> str:
        parameters = self.described.get("parameters", [])
        schema = next(each["schema"] for each in parameters if each["name"] == name)
        return "1" if schema.get("type") == "integer" else "TCK-1"


def operations_of(app: FastAPI) -> list[Operation]:
    document = app.openapi()
    schemas = document["components"]["schemas"]
    return [
        _operation(method.upper(), template, described, schemas)
        for template, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def _operation(
    method: str, template: str, described: dict[str, Any], schemas: dict[str, Any]
) -> Operation:
    content = described.get("requestBody", {}).get("content", {})
    for media_type, body in content.items():
        schema = resolved(body["schema"], schemas)
        return Operation(method, template, described, media_type, schema, schemas)
    return Operation(method, template, described, None, {}, schemas)


def resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where it only names one."""
    if "$ref" not in schema:
        return schema
    named: dict[str, Any] = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    return named
