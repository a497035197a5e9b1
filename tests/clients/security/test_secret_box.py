import base64

import pytest

from app.clients.security.secret_box import AesSecretBox

SECRET = "a-secret-key-for-tests-of-enough-length"


@pytest.fixture
def box() -> AesSecretBox:
    return AesSecretBox(SECRET)


class TestAesSecretBox:
    @pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 40])
    def test_opens_what_it_sealed(self, box: AesSecretBox, content: bytes) -> None:
        sealed = box.seal(content, purpose="a")

        assert box.open(sealed, purpose="a") == content
        assert sealed != box.seal(content, purpose="a")

    def test_opens_it_for_its_purpose_and_with_its_secret_alone(self, box: AesSecretBox) -> None:
        sealed = box.seal(b"x", purpose="a")

        assert box.open(sealed, purpose="b") is None
        assert AesSecretBox(SECRET + "x").open(sealed, purpose="a") is None

    def test_opens_nothing_that_was_changed(self, box: AesSecretBox) -> None:
        whole = bytearray(base64.urlsafe_b64decode(box.seal(b"content", purpose="a")))

        for at in range(len(whole)):
            changed = bytearray(whole)
            changed[at] ^= 1
            assert box.open(base64.urlsafe_b64encode(changed).decode(), purpose="a") is None

    @pytest.mark.parametrize("text", ["", "x", "AAAA", "\u00e9", "a b", "A" * 39, "====", "\x00"])
    def test_opens_nothing_else(self, box: AesSecretBox, text: str) -> None:
        assert box.open(text, purpose="a") is None
