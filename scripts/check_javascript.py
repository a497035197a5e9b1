"""Check that the JavaScript of our own pages parses: ``python -m scripts.check_javascript``.

Needs Node.js. Without it nothing is checked, and said so; with ``--required`` that is a failure.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[1] / "app" / "static"
FOLDERS: Final = (STATIC / "scanner", STATIC / "plots")


def faults(node: str) -> Iterator[str]:
    """What Node.js says about each file that is no JavaScript."""
    with tempfile.TemporaryDirectory() as scratch:
        for file in sorted(file for folder in FOLDERS for file in folder.glob("*.js")):
            # By this ending Node.js knows a module, as browsers do by the page's word for it.
            module = Path(scratch) / f"{file.stem}.mjs"
            shutil.copy(file, module)
            run = subprocess.run(  # noqa: S603 - the files are ours
                [node, "--check", module], capture_output=True, text=True, check=False
            )
            if run.returncode:
                yield f"app/static/{file.parent.name}/{file.name}:\n{run.stderr}"


def main(arguments: list[str]) -> int:
    node = shutil.which("node")
    if node is None:
        sys.stdout.write("The JavaScript of our pages was not checked: there is no Node.js.\n")
        return int(arguments == ["--required"])
    found = list(faults(node))
    sys.stdout.writelines(found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
