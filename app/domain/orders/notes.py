"""Notes that an organization keeps on an order; buyers never see them."""

from typing import Final

MOST_CHARACTERS: Final = 2000
MOST_NOTES: Final = 100
"""Of one order, so that all of them are shown together."""
