"""The parameters of demand intake on a day in a province."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Terms:
    """In days. wanted_within: how far ahead a start may be wished for; lapses_after: a demand ends this long
    after its wanted start; warned_before: its poster is told this long before that; mandate, mandate_most:
    how long a mandate lasts when nothing is said, and at most.
    """

    wanted_within: int
    lapses_after: int
    warned_before: int
    mandate: int
    mandate_most: int

    def last_wanted(self, today: date) -> date:
        """Return the last day that may be wished for."""
        return today + timedelta(days=self.wanted_within)

    def lapses_on(self, wanted_from: date) -> date:
        """Return the last day on which a demand stands."""
        return wanted_from + timedelta(days=self.lapses_after)

    def warns_on(self, wanted_from: date) -> date:
        """Return the day on which the poster is told that it will lapse."""
        return self.lapses_on(wanted_from) - timedelta(days=self.warned_before)
