"""The secrets in the links of mails."""

import re

from app.domain.ports import Mail
from app.models.users.users import User
from tests.support.fakes import FakeMailer

TOKEN = re.compile(r"https://shop\.test/account/(?:reset|confirm|undo)\?token=([\w.-]+)\n")
WAIT = re.compile(r"https://shop\.test/w/([\w.-]+)")
ORDER = re.compile(r"https://shop\.test/o/([\w.-]+)")


def mailed_order(mail: Mail) -> str:
    """The secret of the link to an order in a mail."""
    found = ORDER.search(mail.text)
    assert found is not None
    return found[1]


def mailed_wait(mail: Mail) -> str:
    """The secret of the link to a guest's place in a waiting list in a mail."""
    found = WAIT.search(mail.text)
    assert found is not None
    return found[1]


def token_in(mailer: FakeMailer, user: User | str) -> str:
    """The secret of the last mail to a person, in its text and in its HTML."""
    mail = mailer.to(user if isinstance(user, str) else user.email)[-1]
    (token,) = TOKEN.findall(mail.text)
    assert mail.html is not None
    assert f'?token={token}"' in mail.html
    return str(token)
