from pathlib import Path

import pytest

from tests.config.test_settings import PRODUCTION, read, refusal

S3 = {
    "S3_BUCKET_URL": "https://s3.example.com/shop",
    "S3_ACCESS_KEY": "KEY",
    "S3_SECRET_KEY": "hunter33",
}


class TestPictures:
    def test_are_kept_in_storage_with_all_three_settings(self, tmp_path: Path) -> None:
        settings = read(tmp_path, **PRODUCTION, **S3)

        assert settings.s3_bucket_url == S3["S3_BUCKET_URL"]
        assert "hunter33" not in f"{settings!r} {settings.model_dump_json()}"

    @pytest.mark.parametrize("missing", S3)
    def test_are_not_with_some_of_them(self, tmp_path: Path, missing: str) -> None:
        some = {name: value for name, value in S3.items() if name != missing}

        assert "S3_BUCKET_URL, S3_ACCESS_KEY and S3_SECRET_KEY" in refusal(tmp_path, **some)

    @pytest.mark.parametrize("url", ["http://s3.example.com/shop", "s3://shop", "https://a:b@c/d"])
    def test_lie_at_an_address_that_is_safe(self, tmp_path: Path, url: str) -> None:
        said = refusal(tmp_path, **PRODUCTION, **(S3 | {"S3_BUCKET_URL": url}))

        assert "S3_BUCKET_URL must start with https" in said.replace("http:// or ", "")
