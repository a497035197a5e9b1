"""Pictures in a folder."""

from pathlib import Path

import pytest

from app.clients.storage.disk import DiskPictures
from app.domain.errors import PicturesUnavailable

NAME = "0123456789abcdef0123456789abcdef-400.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "pictures"


class TestDiskPictures:
    def test_keep_read_and_delete_a_file(self, folder: Path) -> None:
        pictures = DiskPictures(folder)

        pictures.save(NAME, b"first")
        pictures.save(NAME, b"content")

        assert DiskPictures(folder).load(NAME) == b"content"
        assert [file.name for file in folder.rglob("*") if file.is_file()] == [NAME]
        pictures.delete(NAME)
        pictures.delete(NAME)
        assert pictures.load(NAME) is None

    def test_leave_nothing_behind_when_they_cannot_be_written(self, folder: Path) -> None:
        (folder / NAME[:2] / NAME).mkdir(parents=True)  # where the file should be
        (folder / NAME[:2] / NAME / "in the way").touch()

        with pytest.raises(PicturesUnavailable):
            DiskPictures(folder).save(NAME, b"content")

        assert [file.name for file in folder.rglob("*") if file.is_file()] == ["in the way"]

    def test_say_so_when_the_folder_is_none(self, folder: Path) -> None:
        folder.parent.mkdir()
        folder.touch()
        pictures = DiskPictures(folder)

        with pytest.raises(PicturesUnavailable):
            pictures.save(NAME, b"")
        with pytest.raises(PicturesUnavailable):
            pictures.load(NAME)
        with pytest.raises(PicturesUnavailable):
            pictures.delete(NAME)
