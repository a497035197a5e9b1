"""Mails as files: every header, part and refusal, read back the way a mail program does."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.clients.mail.mailer import FileMailer
from app.domain.errors import MailerUnavailable, MailRejected
from app.domain.ports import Attachment, Mail
from tests.clients.mail.mail_servers import NoonClock, lines_of, make_mail, parsed

SENDER = "Tickets <tickets@shop.example>"
PICTURE = Attachment(
    name="ticket.png", media_type="image/png", content=b"\x89PNG\x00\xff", content_id="qr"
)


@pytest.fixture
def files(tmp_path: Path) -> FileMailer:
    return FileMailer(tmp_path / "var" / "mail", clock=NoonClock(), sender=SENDER)


def written(tmp_path: Path) -> list[EmailMessage]:
    return [parsed(file.read_bytes()) for file in sorted(tmp_path.glob("var/mail/*"))]


class TestFileMailer:
    def test_writes_a_file_mail_programs_open(self, files: FileMailer, tmp_path: Path) -> None:
        files.send(make_mail(subject="Żółw & 🎫", text="Zażółć\ngęślą\n"))

        (letter,) = written(tmp_path)
        assert letter["From"] == SENDER
        assert letter["To"] == "ada@example.com"
        assert letter["Subject"] == "Żółw & 🎫"
        assert letter["Date"].datetime == NoonClock().now()
        assert letter["Message-ID"] == "<order-5-paid@shop.example>"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert lines_of(letter) == ["Zażółć", "gęślą"]

    @pytest.mark.parametrize("address", ["desk@jazz.example", "büro@jazz.example"])
    def test_says_where_answers_go(self, files: FileMailer, tmp_path: Path, address: str) -> None:
        files.send(replace(make_mail(), reply_to=address))
        files.send(replace(make_mail(), key="second"))

        letters = written(tmp_path)
        assert sorted(str(letter["Reply-To"]) for letter in letters) == ["None", address]

    def test_has_a_sender_of_any_script(self, tmp_path: Path) -> None:
        sender = "Żółw <karten@müller.example>"
        FileMailer(tmp_path / "var" / "mail", clock=NoonClock(), sender=sender).send(make_mail())

        (file,) = tmp_path.glob("var/mail/*")
        assert f"From: {sender}\r\n" in file.read_bytes().decode()

    def test_names_the_file_after_the_key(self, files: FileMailer, tmp_path: Path) -> None:
        files.send(make_mail(text="first"))
        files.send(make_mail(text="second"))

        assert [file.name for file in tmp_path.glob("var/mail/*")] == ["order-5-paid.eml"]
        assert [lines_of(letter) for letter in written(tmp_path)] == [["second"]]

    def test_keeps_every_file_in_its_folder(self, files: FileMailer, tmp_path: Path) -> None:
        keys = ["../../up", "..", "a/b", "a_b", "a:b", "", "\0", "\ud800", "x" * 300, "x" * 299]

        for key in keys:
            files.send(make_mail(key=key))

        assert len(written(tmp_path)) == len(keys)
        assert [file.name for file in tmp_path.iterdir()] == ["var"]

    def test_shows_a_picture_inside_the_page(self, files: FileMailer, tmp_path: Path) -> None:
        calendar = Attachment(name="Fête.ics", media_type="text/calendar", content=b"BEGIN:")

        files.send(make_mail(html='<img src="cid:qr">', attachments=(PICTURE, calendar)))

        (letter,) = written(tmp_path)
        assert [part.get_content_type() for part in letter.walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "text/calendar",
        ]
        picture, attached = list(letter.walk())[-2:]
        assert (picture["Content-ID"], picture.get_content_disposition()) == ("<qr>", "inline")
        assert picture.get_payload(decode=True) == PICTURE.content
        assert (attached.get_filename(), attached.get_content_disposition()) == (
            "Fête.ics",
            "attachment",
        )

    def test_attaches_the_picture_where_there_is_no_page(
        self, files: FileMailer, tmp_path: Path
    ) -> None:
        files.send(make_mail(attachments=(PICTURE,)))

        (letter,) = written(tmp_path)
        assert [part.get_filename() for part in letter.iter_attachments()] == ["ticket.png"]

    @pytest.mark.parametrize("longest", [*range(60, 90), 200, 2000])
    def test_begins_a_long_subject_on_its_first_line(
        self, files: FileMailer, tmp_path: Path, longest: int
    ) -> None:
        subject = ("Your ticket for the night of all nights " * 60)[:longest].strip()

        files.send(make_mail(subject=subject))

        (file,) = tmp_path.glob("var/mail/*")
        head = file.read_bytes().partition(b"\r\n\r\n")[0].decode().split("\r\n")
        assert any(line.startswith("Subject: Your ticket") for line in head)
        assert max(len(line) for line in head) <= 78
        assert written(tmp_path)[0]["Subject"] == subject

    def test_writes_a_word_longer_than_a_line(self, files: FileMailer, tmp_path: Path) -> None:
        subject = f"Tickets for {'a' * 200} and {'b' * 1500}"

        files.send(make_mail(subject=subject))

        assert written(tmp_path)[0]["Subject"].replace(" ", "") == subject.replace(" ", "")

    def test_makes_one_line_of_a_subject(self, files: FileMailer, tmp_path: Path) -> None:
        files.send(make_mail(subject="Gala\r\nBcc: eve@example.com\x85X: y\t\u2028Z: z\n"))

        (letter,) = written(tmp_path)
        assert letter["Subject"] == "Gala Bcc: eve@example.com X: y Z: z"
        assert letter["Bcc"] is letter["X"] is letter["Z"] is None
        assert lines_of(letter) == ["See you there."]

    @pytest.mark.parametrize(
        "mail",
        [
            make_mail(to="ada@example.com\r\nBcc: eve@example.com"),
            make_mail(to="<ada@example.com>\r\n"),
            make_mail(to="ada@example.com, eve@example.com"),
            make_mail(to="nobody"),
            make_mail(to=""),
            make_mail(to="ada eve@example.com"),
            make_mail(to="everybody:;"),
            make_mail(to="\ud800@example.com"),
            make_mail(subject="\ud800"),
            make_mail(subject="a\0b"),
            make_mail(text="\ud800"),
            make_mail(attachments=(Attachment("a\r\nX: y", "image/png", b""),)),
            make_mail(attachments=(Attachment("a", "image/png\n", b""),)),
            make_mail(html="p", attachments=(Attachment("a", "image/png", b"", "q>\nX: y"),)),
        ],
    )
    def test_refuses_what_is_no_mail(self, mail: Mail, files: FileMailer, tmp_path: Path) -> None:
        with pytest.raises(MailRejected):
            files.send(mail)

        assert written(tmp_path) == []

    def test_can_be_tried_again_when_the_folder_fails(
        self, files: FileMailer, tmp_path: Path
    ) -> None:
        (tmp_path / "var").write_text("a file where the folder should be")
        with pytest.raises(MailerUnavailable):
            files.send(make_mail())

        (tmp_path / "var").unlink()
        files.send(make_mail())

        assert len(written(tmp_path)) == 1

    def test_leaves_links_as_people_copy_them(self, files: FileMailer, tmp_path: Path) -> None:
        link = "https://shop.test/account/reset?token=12." + "a-b_c=" * 20
        mail = make_mail(
            text=f"Zażółć\n{link}\n", html=f'<p>Zażółć <a href="{link}">{link}</a></p>'
        )

        files.send(mail)

        (file,) = (tmp_path / "var" / "mail").iterdir()
        content = file.read_text(encoding="utf-8")
        assert content.count(link) == 3
        assert content.count("Zażółć") == 2
        (read,) = written(tmp_path)
        plain, page = read.iter_parts()
        assert link in plain.get_content()
        assert link in page.get_content()
