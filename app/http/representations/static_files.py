"""Files that browsers load: kept by them, and sent in fewer bytes."""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Final

import anyio.to_thread
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.http.representations.compression import SMALLEST, describe_as_gzip, takes_gzip

_COMPRESSIBLE: Final = {".js", ".css", ".wasm"}

_OF_OTHERS: Final = ("swagger-ui", "redoc", "zxing-wasm")
"""Folders of libraries, which change rarely."""

_KEPT: Final = "public, max-age=86400"
_ASKED_ABOUT: Final = "no-cache"
"""Kept as well, but a browser asks before it uses its copy: a release is seen at once."""


class CachedFiles(StaticFiles):
    """Static files with a life in caches, compressed once for all callers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code not in (200, 304):
            return response
        is_of_others = path.startswith(_OF_OTHERS)
        response.headers["Cache-Control"] = _KEPT if is_of_others else _ASKED_ABOUT
        file = Path(path)
        if file.suffix not in _COMPRESSIBLE:
            return response
        response.headers.add_vary_header("Accept-Encoding")
        if not isinstance(response, FileResponse) or not takes_gzip(scope):
            return response
        found = response.stat_result
        if found is None or found.st_size < SMALLEST:
            return response
        # Compressing the largest takes 0.2 s, once in the life of a process.
        body = await anyio.to_thread.run_sync(_compressed, str(response.path), found.st_mtime_ns)
        describe_as_gzip(response.headers, len(body))
        return Response(body, headers=dict(response.headers))


@lru_cache(maxsize=64)
def _compressed(file: str, _changed_at: int) -> bytes:
    return gzip.compress(Path(file).read_bytes(), 9, mtime=0)
