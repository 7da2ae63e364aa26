"""A claim that was computed with an older edition computes again to the same fen."""

from dataclasses import replace

import pytest

from services.policy import rules_of_edition
from services.settlement.domain.evidence import compute
from services.settlement.submitting import still_computes
from tests.unit.settlement.cases import advance_facts, refs, rules

OLD = "shandong-2026.1"


@pytest.mark.parametrize("edition", [OLD, f"{OLD}+demonstration"])
def test_an_old_calculation_is_reckoned_with_the_rules_of_its_day(edition: str) -> None:
    facts = advance_facts(refs(3))
    kept = compute(facts, rules_of_edition(edition))
    assert kept.hash != rules().hash
    assert still_computes(facts, kept) is True


def test_an_altered_amount_is_seen() -> None:
    facts = advance_facts(refs(3))
    kept = compute(facts, rules_of_edition(OLD))
    assert still_computes(facts, replace(kept, total_fen=kept.total_fen + 1)) is False


def test_an_edition_that_is_not_here_is_not_guessed() -> None:
    facts = advance_facts(refs(1))
    kept = compute(facts, rules_of_edition(OLD))
    assert still_computes(facts, replace(kept, edition="shandong-1999.1")) is None
    assert still_computes(facts, replace(kept, hash="0" * 64)) is None
