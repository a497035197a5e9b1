"""Gives every operation a request in the Postman collection.

``python -m scripts.postman`` adds a request for each operation that has none, at the end of the
folder its tag has, and takes away those of operations that are gone. It leaves the others as people
wrote them: their order, scripts and values make the journey that the collection runs.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

COLLECTION: Final = Path(__file__).parents[1] / "Event_Ticketing_System_API.postman_collection.json"
NOTHING_THERE: Final = "999999999"
"""An id that no row has, where no variable of the collection holds one."""
PICTURE: Final = "docs/images/checkout.png"
"""What is uploaded where an operation takes a file; newman finds it from the project's folder."""

_FILLED_IN: Final = re.compile(r"{{.+?}}|TCK-MADE-UP|[0-9]{9}")
_HOLE: Final = re.compile(r"{(\w+)}")


def renewed(collection: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """The collection, with a request for every operation of the description and for no other."""
    operations = dict(_operations_in(described))
    for folder in collection["item"]:
        folder["item"] = [one for one in folder["item"] if _operation_of(one) in operations]
    requested = {_operation_of(item) for folder in collection["item"] for item in folder["item"]}
    variables = {variable["key"] for variable in collection["variable"]}
    for key, (path, method, operation) in operations.items():
        if key not in requested:
            folder = _folder_of(collection, operations, operation["tags"][0])
            folder["item"].append(_request(path, method, operation, described, variables))
    return collection


def _operations_in(
    described: dict[str, Any],
) -> Iterator[tuple[str, tuple[str, str, dict[str, Any]]]]:
    """Every operation, by its method and its address without the names in its holes."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {_HOLE.sub('*', path)}", (path, method.upper(), operation)


def _operation_of(item: dict[str, Any]) -> str:
    request = item["request"]
    path = _FILLED_IN.sub("*", "/" + "/".join(request["url"]["path"]))
    return f"{request['method']} {path.rstrip('/')}"


def _folder_of(collection: dict[str, Any], operations: dict[str, Any], tag: str) -> dict[str, Any]:
    """The last folder with a request of this tag; a new one if there is none."""
    for folder in reversed(collection["item"]):
        for item in folder["item"]:
            if operations[_operation_of(item)][2]["tags"][0] == tag:
                found: dict[str, Any] = folder
                return found
    new: dict[str, Any] = {"name": f"{len(collection['item']) + 1} {tag.capitalize()}", "item": []}
    collection["item"].append(new)
    return new


def _request(
    path: str,
    method: str,
    operation: dict[str, Any],
    described: dict[str, Any],
    variables: set[str],
) -> dict[str, Any]:
    """A request with the operation's example, and a test of its status."""
    is_there = set(_HOLE.findall(path)) <= variables
    filled = _HOLE.sub(
        lambda hole: f"{{{{{hole[1]}}}}}" if hole[1] in variables else NOTHING_THERE, path
    )
    succeeds = next(status for status in operation["responses"] if status.startswith("2"))
    status, told = succeeds if is_there else "404", operation["summary"]
    if "admin" in operation["tags"]:
        status, told = "403", "it is for admins"
    request: dict[str, Any] = {
        "method": method,
        "header": [],
        "url": {
            "raw": f"{{{{base_url}}}}{filled}",
            "host": ["{{base_url}}"],
            "path": filled.strip("/").split("/"),
        },
        "description": operation["description"].partition("\n")[0],
        **_auth(operation),
        **_body(operation, described),
    }
    test = f'pm.test("{told}", () => pm.response.to.have.status({status}));'
    script = {"type": "text/javascript", "exec": [test]}
    return {
        "name": operation["summary"],
        "event": [{"listen": "test", "script": script}],
        "request": request,
        "response": [],
    }


def _auth(operation: dict[str, Any]) -> dict[str, Any]:
    """How it is called otherwise than with the account's token, which the collection sends."""
    schemes = [name for way in operation["security"] for name in way]
    if not schemes:
        return {"auth": {"type": "noauth"}}
    if schemes == ["scanner"]:
        token = {"key": "token", "value": "{{scanner_token}}", "type": "string"}
        return {"auth": {"type": "bearer", "bearer": [token]}}
    return {}


def _body(operation: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    bodies = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in bodies:
        fields = bodies["multipart/form-data"]["schema"]["required"]
        return {"body": {"mode": "formdata", "formdata": [_file(name) for name in fields]}}
    content = bodies.get("application/json")
    if content is None:
        return {}
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    schema = described["components"]["schemas"].get(name, content["schema"])
    fields = schema.get("properties", {}).items()
    made_up = {name: field["examples"][0] for name, field in fields if "examples" in field}
    raw = json.dumps(schema.get("examples", [made_up])[0], indent=2, ensure_ascii=False)
    return {"body": {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}}


def _file(name: str) -> dict[str, str]:
    """A file of this project in a form; Postman asks for another where it is not found."""
    return {"key": name, "type": "file", "src": PICTURE}


def written(collection: dict[str, Any]) -> str:
    """The file that holds the collection."""
    return json.dumps(collection, indent=2, ensure_ascii=False) + "\n"


def _described() -> dict[str, Any]:
    from app.main import app  # opens the demo's database, which only this command needs

    return app.openapi()


if __name__ == "__main__":
    COLLECTION.write_text(written(renewed(json.loads(COLLECTION.read_text()), _described())))
