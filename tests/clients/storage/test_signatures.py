"""Signatures of S3, against the examples that Amazon published with the protocol.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from datetime import UTC, datetime, timedelta, timezone

from app.clients.storage.signatures import Signer

SIGNER = Signer(
    access_key="AKIAIOSFODNN7EXAMPLE",
    secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region="us-east-1",
)
HOST = "examplebucket.s3.amazonaws.com"
THEN = datetime(2013, 5, 24, tzinfo=UTC)


class TestHeaders:
    def test_of_the_published_get(self) -> None:
        headers = SIGNER.headers(
            "GET", "/test.txt", host=HOST, others={"Range": "bytes=0-9"}, now=THEN
        )

        assert headers["authorization"] == (
            "AWS4-HMAC-SHA256 "
            "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
        assert headers["x-amz-date"] == "20130524T000000Z"

    def test_of_the_published_put(self) -> None:
        headers = SIGNER.headers(
            "PUT",
            "/test$file.text",
            host=HOST,
            body=b"Welcome to Amazon S3.",
            others={
                "Date": "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class": "REDUCED_REDUNDANCY",
            },
            now=THEN,
        )

        assert headers["authorization"].endswith(
            "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        )

    def test_of_the_published_list(self) -> None:
        headers = SIGNER.headers(
            "GET", "/", host=HOST, query={"prefix": "J", "max-keys": "2"}, now=THEN
        )

        assert headers["authorization"].endswith(
            "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        )

    def test_name_the_moment_in_utc(self) -> None:
        there = THEN.astimezone(timezone(timedelta(hours=-5)))

        here, elsewhere = (SIGNER.headers("GET", "/", host=HOST, now=at) for at in (THEN, there))

        assert here == elsewhere

    def test_never_show_the_secret(self) -> None:
        headers = SIGNER.headers("GET", "/", host=HOST, now=THEN)

        assert "wJalrXUtnFEMI" not in str(headers)
