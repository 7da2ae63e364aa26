"""How large a class (班次) may be."""

from typing import Final

# one fact tells the whole roster and each one's days: with 200 sessions it stays below the 16 MB that the
# database and the broker carry
MOST_LEARNERS: Final = 1000
