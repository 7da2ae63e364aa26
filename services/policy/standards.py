"""What one person's training is worth: the rate by type, level, hours, consumables and shortage, to the cap.

[37 §3; 600 §1]. Project-type training and ordinary classes are reckoned alike.
"""

from dataclasses import dataclass
from datetime import date

from services.policy.results import Factor, amount, yuan
from services.policy.rules import Rule, RuleSet

_FACTORS = (("consumables_factor", "consumables"), ("shortage_factor", "shortage"))
_NAMES = {"consumables": ("实训耗材系数", "consumables"), "shortage": ("急需紧缺系数", "shortage")}


@dataclass(frozen=True, slots=True)
class Standard:
    """base (fen) × factors, at most the cap: the city's or the price, whichever is less."""

    rule: Rule
    base_fen: int
    factors: tuple[Factor, ...]
    cap_fen: int | None
    rests_on: tuple[str, ...]
    status: str
    words: tuple[str, str]

    @property
    def fen(self) -> int:
        """What one person's training is worth, in fen."""
        return amount(self.base_fen, self.factors, self.cap_fen)


def standard(
    rules: RuleSet,
    day: date,
    region: str,
    *,
    organisation: str,
    kind: str,
    occupation: str,
    level: str,
    hours: int | None = None,
    price_fen: int | None = None,
) -> Standard:
    """Return the standard of a training on a day; raises NoRule where the region has none.

    A rate for each person comes before one by the hour.
    """
    about = {"organisation": organisation, "kind": kind, "occupation": occupation, "level": level}
    rate = rules.find("training_standard", day, region, **about)
    hourly = rules.find("hourly_standard", day, region, **about) if rate is None else None
    factors: list[Factor] = []
    if hourly is not None and hours is not None:
        rate, base = hourly, hourly.values["per_hour_fen"]
        factors.append(Factor("hours", hours))
    else:
        rate = rate or rules.one("training_standard", day, region, **about)
        base = rate.values["per_person_fen"]
    used = [rate]
    for topic, name in _FACTORS:
        found = rules.find(topic, day, region, **about)
        if found is not None:
            factors.append(Factor(name, found.values["percent"], 100))
            used.append(found)
    cap = rules.find("training_cap", day, region, **about)
    if cap is not None:
        used.append(cap)
    most = _least(cap.values["max_fen"] if cap else None, price_fen)
    statuses = {rule.status for rule in used}
    status = "illustrative" if "illustrative" in statuses else rate.status
    words = _words(base, tuple(factors), cap, price_fen)
    return Standard(rate, base, tuple(factors), most, tuple(rule.id for rule in used), status, words)


def _least(*caps: int | None) -> int | None:
    given = [cap for cap in caps if cap is not None]
    return min(given) if given else None


def _words(base: int, factors: tuple[Factor, ...], cap: Rule | None, price: int | None) -> tuple[str, str]:
    zh, en = f"标准{yuan(base)}元", f"standard {yuan(base)} yuan"
    for factor in factors:
        if factor.name == "hours":
            zh, en = f"{zh}/学时 × {factor.num}学时", f"{en} an hour × {factor.num} hours"
        else:
            name_zh, name_en = _NAMES[factor.name]
            zh, en = f"{zh} × {name_zh}{factor.num}%", f"{en} × {factor.num} % ({name_en})"
    reckoned = amount(base, factors)
    if cap is not None:
        most = cap.values["max_fen"]
        zh, en = f"{zh}，最高{yuan(most)}元", f"{en}, at most {yuan(most)}"
        reckoned = min(reckoned, most)
    if price is not None and price < reckoned:
        zh, en = f"{zh}，中标价{yuan(price)}元", f"{en}, awarded price {yuan(price)}"
    return zh, en
