"""The people of the samples: made up, and the same each time."""

import hashlib
import unicodedata
from typing import Final

from app.services.users.guests import Guest

FIRST_NAMES: Final = (
    *("Adaeze", "Tunde", "Ngozi", "Chinedu", "Amaka", "Ibrahim", "Yetunde", "Emeka", "Zainab"),
    *("Kwame", "Abena", "Kofi", "Esi", "Fatou", "Mamadou", "Aminata", "Moussa", "Aïcha", "Wanjiru"),
    *("Otieno", "Akinyi", "Bola", "Sade", "Femi", "Halima", "Uche", "Nneka", "Segun", "Rasheedat"),
)
LAST_NAMES: Final = (
    *("Okonkwo", "Bello", "Eze", "Balogun", "Nwosu", "Abubakar", "Adeyemi", "Okafor", "Mensah"),
    *("Owusu", "Boateng", "Diop", "Traoré", "Koné", "Ndiaye", "Mwangi", "Odhiambo", "Adewale"),
    *("Ojo", "Lawal", "Ogunleye", "Chukwu", "Danjuma"),
)


def part(*words: object) -> float:
    """A number from 0 to 1, as if by chance: always the same one for the same words."""
    digest = hashlib.sha256(" ".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def name_of(number: int) -> str:
    first = FIRST_NAMES[int(part("first", number) * len(FIRST_NAMES))]
    last = LAST_NAMES[int(part("last", number) * len(LAST_NAMES))]
    return f"{first} {last}"


def guest(number: int) -> Guest:
    """One of any number of people, each with an address that no mail reaches."""
    name = name_of(number)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return Guest(name=name, email=f"{plain.replace(' ', '.')}{number}@example.com")
