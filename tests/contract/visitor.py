"""A person in front of Swagger UI: presses Execute, and has links followed as the page does."""

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import httpx

from app.http.uploads import MULTIPART
from tests.contract.steps import FROM_MAIL, SELL_OUT
from tests.support.pictures import photo

METHODS = ("get", "put", "post", "patch", "delete")
IN_ANSWER = "$response.body#/"
IN_PATH = "$request.path."


@dataclass
class Visitor:
    """A person who presses Execute, and follows links as the page does."""

    api: httpx.Client
    described: dict[str, Any]
    reads_mail: bool = True
    """Whether this person has the secrets that only mails hold."""
    headers: dict[str, str] = field(default_factory=dict)
    scanner: dict[str, str] = field(default_factory=dict)
    in_paths: dict[str, dict[str, Any]] = field(default_factory=dict)
    in_bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def execute(self, operation_id: str) -> httpx.Response:
        path, method, operation = found(self.described, operation_id)
        takes = [name for way in operation.get("security", []) for name in way]
        asked: dict[str, Any] = {}
        query, headers = {}, dict(self.scanner if takes == ["scanner"] else self.headers)
        for parameter in operation.get("parameters", []):
            name, schema = parameter["name"], parameter["schema"]
            if parameter["in"] == "path":
                value = self.in_paths.get(operation_id, {}).get(name, example_in(schema))
                path = path.replace(f"{{{name}}}", str(value))
                asked[name] = value
            elif parameter["in"] == "query" and "default" in schema:
                query[name] = schema["default"]
            elif parameter["in"] == "query" and parameter["required"]:
                query[name] = example_in(schema)
        if operation_id == "receive_paystack_webhook":
            # The one value nobody but Paystack can know.
            headers["X-Paystack-Signature"] = "signed"
        response = self.api.request(
            method, path, params=query, headers=headers, **self.body(operation_id, operation)
        )
        self._follow_links(operation, asked, response)
        if operation_id == "enrol_device" and response.is_success:
            self.scanner["Authorization"] = f"Bearer {response.json()['access_token']}"
        return response

    def take(self, step: str) -> httpx.Response:
        """Execute an operation, or have all the event's places taken."""
        if step != SELL_OUT:
            return self.execute(step)
        event_id = self.in_paths["show_event"]["event_id"]
        self.api.patch(f"/events/{event_id}", json={"capacity": 1}, headers=self.headers)
        return self.execute("place_order")

    def authorize(self) -> None:
        self.execute("register")
        self.headers["Authorization"] = f"Bearer {self.execute('log_in').json()['access_token']}"

    def body(self, operation_id: str, operation: dict[str, Any]) -> dict[str, Any]:
        for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
            example = example_of(self.described, body["schema"])
            linked = dict(self.in_bodies.get(operation_id, {}))
            if self.reads_mail:
                linked |= FROM_MAIL.get(operation_id, {})
            if media_type == MULTIPART:
                return {"files": {"image": photo()}}
            return {"json" if media_type.endswith("json") else "data": example | linked}
        return {}

    def _follow_links(
        self, operation: dict[str, Any], asked: dict[str, Any], response: httpx.Response
    ) -> None:
        described = operation["responses"].get(str(response.status_code), {})
        for link in described.get("links", {}).values():
            target = link["operationId"]
            in_path = values_in(response, asked, link.get("parameters", {}))
            self.in_paths.setdefault(target, {}).update(in_path)
            self.in_bodies[target] = values_in(response, asked, link.get("requestBody", {}))


def values_in(
    answer: httpx.Response, asked: dict[str, Any], expressions: dict[str, str]
) -> dict[str, Any]:
    """What the expressions of a link stand for, in the answer and in the address called."""
    return {
        name: reduce(inside, expression.removeprefix(IN_ANSWER).split("/"), answer.json())
        if expression.startswith(IN_ANSWER)
        else asked[expression.removeprefix(IN_PATH)]
        for name, expression in expressions.items()
        if expression.startswith((IN_ANSWER, IN_PATH))
    }


def inside(value: Any, step: str) -> Any:
    """One step of a JSON pointer."""
    return value[int(step)] if isinstance(value, list) else value[step]


def found(described: dict[str, Any], operation_id: str) -> tuple[str, str, dict[str, Any]]:
    for path, operations in described["paths"].items():
        for method in METHODS:
            if operations.get(method, {}).get("operationId") == operation_id:
                return path, method, operations[method]
    raise LookupError(operation_id)


def example_in(schema: dict[str, Any]) -> Any:
    return schema["examples"][0] if "examples" in schema else ""


def example_of(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The example of a body, or one made of its required fields' examples."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "examples" in schema:
        example: dict[str, Any] = schema["examples"][0]
        return example
    return {name: example_in(schema["properties"][name]) for name in schema["required"]}
