"""`python -m services.policy.keep`: keeps the edition that each province's `edition.toml` names.

Run it after a change of rules and of the edition's name. What is published already is never written over.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from services.policy.editions import HASHES, KEPT, EditionAltered, hashes
from services.policy.loader import FOLDERS, plain, rules_for
from services.policy.rules import Rule, RuleSet


def keep(kept: Path = KEPT, published: Path = HASHES) -> list[str]:
    """Write the present editions and their hashes; return the names of new ones. Raises EditionAltered."""
    known = hashes(published)
    new: dict[str, str] = {}
    for jurisdiction in FOLDERS:
        plain_set, full = (rules_for(jurisdiction, demonstration=each) for each in (False, True))
        for rules in (plain_set, full):
            if known.get(rules.edition, rules.hash) != rules.hash:
                raise EditionAltered(f"{rules.edition} is published: raise the edition's name")
            if rules.edition not in known:
                new[rules.edition] = rules.hash
        (kept / f"{plain_set.edition}.json").write_text(text_of(plain_set, full), "utf-8")
    if new:
        with published.open("a", encoding="utf-8") as file:
            file.writelines(f'"{name}" = "{digest}"\n' for name, digest in new.items())
    return list(new)


def text_of(published: RuleSet, full: RuleSet) -> str:
    """Return what is kept of an edition: its rules one a line, and those that only the demonstration has."""
    ids = {rule.id for rule in published.rules}
    head = json.dumps({"edition": published.edition, "jurisdiction": published.jurisdiction})[1:-1]
    more = [rule for rule in full.rules if rule.id not in ids]
    return f'{{{head},\n"rules": [{_rows(published.rules)}],\n"demonstration": [{_rows(more)}]}}\n'


def _rows(rules: Iterable[Rule]) -> str:
    rows = ",\n".join(json.dumps(plain(rule), ensure_ascii=False, sort_keys=True) for rule in rules)
    return f"\n{rows}\n" if rows else ""


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in keep())
