from datetime import timedelta
from typing import Final

FIRST_DELAY: Final = timedelta(seconds=5)


def retry_delay(tries: int, *, longest: timedelta) -> timedelta:
    """How long to wait before the next try: 5 s, doubled for each one, at most ``longest``."""
    doublings = min(max(tries - 1, 0), 20)
    return min(FIRST_DELAY * (1 << doublings), longest)
