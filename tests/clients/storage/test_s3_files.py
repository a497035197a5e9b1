"""Private files in S3 storage: in parts, and whole or not there."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from app.clients.storage.s3_files import PART, S3Files
from app.domain.errors import FilesUnavailable
from tests.clients.storage.small_storage import Kept, bucket_at, small_storage
from tests.support.fakes import START

LATER = START + timedelta(days=2)
NAME = "export-7-1.csv"


@pytest.fixture
def storage() -> Iterator[Kept]:
    with small_storage() as kept:
        yield kept


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


@pytest.fixture
def files(storage: Kept, http: httpx.Client) -> S3Files:
    return S3Files(bucket_at(storage.url, http))


class TestSave:
    @pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 3 * PART, 5 * PART // 2])
    def test_keeps_what_load_gives(self, files: S3Files, storage: Kept, size: int) -> None:
        content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        pieces = (content[start : start + 100_000] for start in range(0, size, 100_000))

        assert files.save(NAME, pieces) == size

        assert b"".join(files.load(NAME)) == content
        assert storage.largest <= PART

    def test_takes_little_memory_for_a_long_file(self, files: S3Files, storage: Kept) -> None:
        """It asks for the next piece when the ones before are in the storage, but for one part."""
        ahead = []

        def pieces() -> Iterator[bytes]:
            for number in range(100):
                kept = sum(map(len, storage.files.values()))
                ahead.append(number * 200_000 - kept)
                yield b"x" * 200_000

        files.save(NAME, pieces())

        assert max(ahead) <= PART
        longest = max(len(piece) for piece in files.load(NAME))
        assert longest <= PART

    def test_that_is_broken_off_leaves_nothing(self, files: S3Files, storage: Kept) -> None:
        def broken() -> Iterator[bytes]:
            yield b"x" * (3 * PART)
            assert len(storage.files) == 3
            raise LookupError

        with pytest.raises(LookupError):
            files.save(NAME, broken())

        assert storage.files == {}

    def test_that_the_storage_refuses_leaves_nothing(self, files: S3Files, storage: Kept) -> None:
        storage.refuses_after = 2

        with pytest.raises(FilesUnavailable):
            files.save(NAME, [b"x" * (4 * PART)])

        assert storage.files == {}

    @pytest.mark.parametrize("name", ["../one.csv", "a/b", "/etc/passwd", "..", ""])
    def test_stays_in_its_folder(self, files: S3Files, name: str) -> None:
        for act in (lambda: files.save(name, [b"x"]), lambda: files.load(name)):
            with pytest.raises(ValueError, match="no name of a file"):
                act()

    def test_to_a_storage_that_is_gone_is_refused(self, http: httpx.Client) -> None:
        with small_storage() as gone:
            pass

        with pytest.raises(FilesUnavailable):
            S3Files(bucket_at(gone.url, http)).save(NAME, [b"x"])


class TestLoad:
    def test_of_none_is_refused(self, files: S3Files) -> None:
        with pytest.raises(FilesUnavailable):
            files.load(NAME)

    def test_of_what_lost_a_part_does_not_end_as_if_it_were_whole(
        self, files: S3Files, storage: Kept
    ) -> None:
        files.save(NAME, [b"x" * (2 * PART + 1)])
        storage.files.popitem()

        pieces = files.load(NAME)

        with pytest.raises(FilesUnavailable):
            list(pieces)


class TestDelete:
    def test_takes_all_parts_and_may_come_twice(self, files: S3Files, storage: Kept) -> None:
        files.save(NAME, [b"x" * (2 * PART + 1)])
        files.save("export-7-2.csv", [b"y"])

        files.delete(NAME)
        files.delete(NAME)

        assert list(storage.files.values()) == [b"y"]


class TestNames:
    def test_are_of_old_files_and_half_written_ones(self, files: S3Files, storage: Kept) -> None:
        """Behind the prefix of a bucket that others use, and over several pages of the list."""
        for number in range(5):
            files.save(f"export-{number}-1.csv", [b"x" * (PART + 1)])
        storage.files["/bucket/exports/export-9-1.csv/000000"] = b"x" * PART
        storage.written["/bucket/exports/export-9-1.csv/000000"] = START
        storage.files["/bucket/0123-400.jpg"] = b"a picture"
        storage.written["/bucket/0123-400.jpg"] = START
        storage.now = LATER
        files.save("export-8-1.csv", [b"x"])

        found = sorted(files.names(before=LATER))

        assert found == [f"export-{number}-1.csv" for number in (0, 1, 2, 3, 4, 9)]

    def test_stay_below_the_path_of_the_address(self, storage: Kept, http: httpx.Client) -> None:
        ours, theirs = (
            S3Files(bucket_at(f"{storage.url}/{shop}", http)) for shop in ("ours", "theirs")
        )
        ours.save(NAME, [b"x"])
        theirs.save("export-1-1.csv", [b"x"])

        assert list(ours.names(before=LATER)) == [NAME]

    def test_that_cannot_be_listed_are_refused(self, http: httpx.Client) -> None:
        with small_storage() as gone:
            pass

        with pytest.raises(FilesUnavailable):
            list(S3Files(bucket_at(gone.url, http)).names(before=LATER))
