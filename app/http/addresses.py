"""Where the shop is: below a path of another site, and with or without a slash at the end."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Final

from starlette.types import Scope

ROOT_PATH: Final = ContextVar("root_path", default="")
"""What precedes the shop's own paths in addresses of the present call: empty, or as ``/shop``.

Pages and refusals are made far from the request; links on them begin with this.
"""


class Addresses:
    """Tells the shop's own path from what precedes it, and forgives slashes.

    Below a path of another site, a proxy may take that path off or pass it on; both work. uvicorn's
    ``--root-path`` stands before what the proxy passed on.

    Args:
        root_path: the path of the configured ``PUBLIC_URL``; empty: as ``--root-path`` says.
        slashed: paths that are written with a slash at the end; all others are without.
    """

    def __init__(self, *, root_path: str, slashed: Iterable[str]) -> None:
        self._root_path = root_path
        self._with_slash = {path.rstrip("/"): path for path in slashed}

    def settle(self, scope: Scope) -> None:
        """Write down in the scope, as ASGI defines it, where the shop is and what is asked for."""
        given: str = scope.get("root_path", "").rstrip("/")
        root = self._root_path or given
        path = _below(root, _below(given, scope["path"]))
        bare = path.rstrip("/")
        wanted = root + self._with_slash.get(bare, bare or "/")
        if wanted != scope["path"]:
            scope["path"] = wanted
            scope["raw_path"] = wanted.encode()
        scope["root_path"] = root
        ROOT_PATH.set(root)


def _below(root: str, path: str) -> str:
    """The path without ``root`` before it, if that is there."""
    return path.removeprefix(root) if root and f"{path}/".startswith(f"{root}/") else path


def own_path(scope: Scope) -> str:
    """The path asked for, without what precedes the shop's own."""
    return _below(scope["root_path"], scope["path"])
