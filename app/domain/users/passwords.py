"""Passwords everybody tries first."""

from collections.abc import Iterable
from typing import Final

from app.domain.text import name_key


class CommonPasswords:
    """A list of passwords to refuse, whatever their case. An empty one refuses nothing."""

    def __init__(self, passwords: Iterable[str] = ()) -> None:
        self._keys = frozenset(name_key(password) for password in passwords)

    def __contains__(self, password: str) -> bool:
        return name_key(password) in self._keys


_LIST: Final = """
    00000000 0123456789 0987654321 1111111111 11111111 11112222 111222333 112233445566 11223344
    1122334455 12121212 12341234 123123123 1234512345 12345678 1234567890 123456789 12345678910
    1234567891 123456789a 12345679 1234qwer 123654789 123qweasd 123qwe123 147258369 159753456
    1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 20102010 22222222 31415926 55555555 66666666
    77777777 789456123 87654321 88888888 963852741 987654321 99999999 a1234567 a12345678
    a123456789 aa123456 aaaaaaaa abc12345 abc123456 abcd1234 abcdefgh access14 administrator
    adminadmin admin123 admin1234 airforce1 alexander1 asd123456 asdasdasd asdf1234 asdfasdf
    asdfghjk asdfghjkl asdfghjkl1 babygirl1 baseball baseball1 basketball basketball1 blessed1
    butterfly butterfly1 caonima123 changeme changeme1 charlie1 chelsea1 chocolate chocolate1
    computer computer1 corvette cowboys1 dearbook dragon123 einstein elephant1 facebook1 fatherjesus
    football football1 freedom1 friends1 fuckyou1 gatewayto godisgood godisgreat gfhjkm123
    hallo123 hello123 hello1234 helloworld iloveyou iloveyou1 iloveyou2 internet jesuschrist
    jesus123 jennifer1 jessica1 jordan23 jordan123 justin123 killer123 letmein1 letmein123
    liverpool liverpool1 lovelove loveyou1 manchester master123 mercedes metallica michael1
    michelle1 midnight mustang1 mynoob123 myspace1 naruto123 nicole123 nigeria1 nigeria123
    onelove1 onlygod1 p@ssw0rd p@ssword pa55word pass1234 passw0rd password password! password1
    password1! password12 password123 password1234 password2 passwort pokemon1 princess princess1
    q1w2e3r4 q1w2e3r4t5 qazwsxedc qwaszx12 qwe123456 qweasdzxc qwer1234 qwerty12 qwerty123
    qwerty1234 qwertyui qwertyuiop qwertyuiop1 rockstar1 samantha1 samsung1 samsung123 scorpion1
    secret123 shadow123 slipknot1 snowball1 soccer123 spiderman spiderman1 starwars starwars1
    sunflower1 sunshine sunshine1 superman superman1 test1234 testtest tigger123 trustno1
    trustnoone victoria1 wall.e12 welcome1 welcome123 whatever whatever1 william1 x1234567
    xxxxxxxx yankees1 zaq12wsx zaqxswcde zxcvbnm1 zxcvbnm123
"""

MOST_COMMON: Final = tuple(_LIST.split())
"""What lists of leaked passwords start with, of eight characters or more."""
