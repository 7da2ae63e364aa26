"""What a real-name record lacks: each gap for itself (S20)."""

from typing import Any

import pytest

from services.settlement.domain.real_name import gaps

WHOLE = {
    "region": "370611",
    "groups": ["rural_transfer"],
    "verified": True,
    "alive": True,
    "draws_pension": False,
}


def codes(told: dict[str, Any] | None, **about: bool) -> list[str]:
    return [each.code for each in gaps(told, **about)]


def test_a_whole_record_lacks_nothing() -> None:
    assert codes(WHOLE) == []
    assert codes({**WHOLE, "draws_pension": True}) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verified": None}, "not_verified"),
        ({"verified": False}, "refused"),
        ({"verified": False, "alive": False}, "not_alive"),
        ({"verified": False, "forgotten": True}, "forgotten"),
        ({"draws_pension": None}, "pension_unknown"),
        ({"groups": []}, "no_group"),
    ],
)
def test_each_gap_is_named(change: dict[str, Any], code: str) -> None:
    (gap,) = gaps({**WHOLE, **change})
    assert gap.code == code
    assert gap.zh
    assert gap.en


def test_who_is_not_registered_and_who_is_on_no_roster() -> None:
    assert codes(None) == ["not_registered"]
    assert codes({}, on_roster=False) == ["not_registered", "not_on_roster"]
    assert codes(WHOLE, on_roster=False) == ["not_on_roster"]
