import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.domain.errors import DatabaseUnavailable
from app.repositories.lock_file import in_line

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from app.repositories.lock_file import in_line
with in_line(Path(sys.argv[1])):
    print("inside", flush=True)
    sys.stdin.read()
"""


class TestInLine:
    def test_lets_one_process_in_and_the_next_when_it_dies(self, tmp_path: Path) -> None:
        file, inside = tmp_path / "writer", threading.Event()

        def follow() -> None:
            with in_line(file):
                inside.set()

        follower = threading.Thread(target=follow, daemon=True)
        with subprocess.Popen(
            [sys.executable, "-c", ANOTHER_PROCESS, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as first:
            assert first.stdout is not None
            assert first.stdout.readline() == b"inside\n"
            follower.start()

            assert not inside.wait(0.2)
            first.kill()
            assert inside.wait(20)

        follower.join(20)

    def test_refuses_where_no_file_can_be(self, tmp_path: Path) -> None:
        with pytest.raises(DatabaseUnavailable), in_line(tmp_path / "absent" / "writer"):
            pass
