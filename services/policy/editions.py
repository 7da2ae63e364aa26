"""Editions of the rules: each is kept whole, so that an old claim is reckoned with the rules of its day.

An edition that is kept never changes; `services.policy.keep` writes a new one.
"""

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.policy.loader import DATA, digest_of
from services.policy.rules import Rule, RuleSet

KEPT = DATA / "editions"
HASHES = DATA / "editions.toml"
DEMONSTRATION = "+demonstration"


class EditionUnknown(LookupError):
    """No edition of that name is kept."""


class EditionAltered(ValueError):
    """What is kept of an edition, or what would be written of it, is not what its hash says."""


@lru_cache(maxsize=32)
def rules_of_edition(edition: str) -> RuleSet:
    """Return the rule set of an edition by the name that a claim stores.

    Raises EditionUnknown, and EditionAltered when the kept data does not give the published hash.
    """
    published = hashes().get(edition)
    path = KEPT / f"{edition.removesuffix(DEMONSTRATION)}.json"
    if published is None or not path.exists():
        raise EditionUnknown(edition)
    content = json.loads(path.read_text("utf-8"))
    raw = [*content["rules"], *(content["demonstration"] if edition.endswith(DEMONSTRATION) else ())]
    raw.sort(key=lambda rule: rule["id"])
    digest = digest_of(raw)
    if digest != published:
        raise EditionAltered(f"{edition}: {digest} is not the published {published}")
    return RuleSet(content["jurisdiction"], edition, [_rule(each) for each in raw], digest)


def hashes(published: Path = HASHES) -> dict[str, str]:
    """Return the published SHA-256 (hex) of each edition's rules, by name."""
    return tomllib.loads(published.read_text("utf-8"))


def _rule(raw: Mapping[str, Any]) -> Rule:
    last = raw["valid_to"]
    content = {
        **raw,
        "payee": tuple(raw["payee"]),
        "fund": tuple(raw["fund"]),
        "valid_from": date.fromisoformat(raw["valid_from"]),
        "valid_to": date.fromisoformat(last) if last else None,
    }
    return Rule(**content)
