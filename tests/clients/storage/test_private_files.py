"""Private files are whole or not there, and no other user of the machine reads them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.clients.storage.private_files import PIECE, DiskFiles
from app.domain.errors import FilesUnavailable

LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "private"


@pytest.fixture
def files(folder: Path) -> DiskFiles:
    return DiskFiles(folder)


class TestSave:
    def test_keeps_all_pieces_for_the_owner_s_eyes_only(
        self, files: DiskFiles, folder: Path
    ) -> None:
        size = files.save("one.csv", [b"a" * PIECE, b"", b"b"])

        assert size == PIECE + 1
        assert [len(piece) for piece in files.load("one.csv")] == [PIECE, 1]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "one.csv").stat().st_mode & 0o777 == 0o600

    def test_that_is_broken_off_leaves_nothing(self, files: DiskFiles, folder: Path) -> None:
        def broken() -> Iterator[bytes]:
            yield b"half"
            raise LookupError

        with pytest.raises(LookupError):
            files.save("one.csv", broken())

        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("name", ["../one.csv", "a/b", "/etc/passwd", "..", ""])
    def test_stays_in_the_folder(self, files: DiskFiles, name: str) -> None:
        with pytest.raises(ValueError, match="no name of a file"):
            files.save(name, [b"x"])

    def test_into_what_is_no_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(FilesUnavailable):
            DiskFiles(tmp_path / "file").save("one.csv", [b"x"])


class TestLoad:
    def test_of_none_is_refused(self, files: DiskFiles) -> None:
        with pytest.raises(FilesUnavailable):
            files.load("none.csv")


class TestDelete:
    def test_may_come_twice(self, files: DiskFiles) -> None:
        files.save("one.csv", [b"x"])

        files.delete("one.csv")
        files.delete("one.csv")

        assert list(files.names(before=LATER)) == []


class TestNames:
    def test_are_of_old_files_and_half_written_ones(self, files: DiskFiles, folder: Path) -> None:
        assert list(files.names(before=LATER)) == []
        files.save("one.csv", [b"x"])
        (folder / ".half").write_bytes(b"x")

        assert sorted(files.names(before=LATER)) == [".half", "one.csv"]
        assert list(files.names(before=datetime.now(UTC) - timedelta(days=1))) == []
