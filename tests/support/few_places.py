"""Settlement with few places of oriented training: `python -m tests.support.few_places settlement`.

The limit is that of the rules, so nothing but the rules is changed.
"""

if __name__ == "__main__":
    from services.chassis.run import main  # first: it patches the standard library

import os
import sys
from dataclasses import replace
from typing import Final

from services.policy import RuleSet, rules_for
from services.settlement import reviewing

SETTING: Final = "TEST_PLACES"


def with_places(rules: RuleSet, places: int) -> RuleSet:
    """Return the rules with that many places."""
    changed = [
        replace(rule, values={**rule.values, "places": places}) if rule.topic == "oriented_cap" else rule
        for rule in rules.rules
    ]
    return RuleSet(rules.jurisdiction, rules.edition, changed, rules.hash)


def install(places: int) -> None:
    """Have claims reckoned with these rules."""

    def few(province: str, *, demonstration: bool = False) -> RuleSet:
        rules = rules_for(province, demonstration=demonstration)
        return with_places(rules, places) if province == "140000" else rules

    reviewing.rules_for = few  # type: ignore[assignment]


if __name__ == "__main__":
    install(int(os.environ[SETTING]))
    sys.exit(main(sys.argv[1]))
