"""What a deletion takes away, what it keeps, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain import deletions
from services.intake.domain.deletions import Held

NOW = datetime(2026, 5, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
YEARS = {"payment_years": 30, "training_years": 10, "log_years": 3}


@pytest.mark.parametrize(
    ("held", "until"),
    [
        (Held(), None),
        (Held(rostered_at=NOW - YEAR), NOW + 9 * YEAR),
        (Held(paid_at=NOW - YEAR), NOW + 29 * YEAR),
        (Held(rostered_at=NOW, paid_at=NOW - 25 * YEAR), NOW + 10 * YEAR),
        (Held(rostered_at=NOW - 11 * YEAR), None),
    ],
)
def test_name_and_number_are_kept_as_long_as_accounts_and_rosters_need_them(held, until):
    assert deletions.identity_until(held, NOW, YEARS) == until


def test_a_statement_names_what_goes_and_what_stays_in_both_tongues():
    lines = deletions.kept(Held(paid_at=NOW), NOW, YEARS)
    assert [line["what"] for line in lines] == ["identity", "payments", "log", "facts"]
    assert [line["until"] for line in lines] == [NOW + 30 * YEAR, NOW + 30 * YEAR, NOW + 3 * YEAR, None]
    assert [line["what"] for line in deletions.kept(Held(), NOW, YEARS)] == ["log", "facts"]
    for line in [*lines, *deletions.deleted()]:
        assert all(line[name] for name in line if name != "until")
