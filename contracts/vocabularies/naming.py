"""The usual name of a training brand or project: 地名（企业名）+ 职业（工种）名称 + 培训 [37 §10].

It is suggested and never asked for: what differs is said, and nothing is refused for it.
"""

from typing import Final

from contracts.vocabularies import occupations, regions

WARNINGS: Final = {
    "name_without_place": ("名称未含地名或企业名", "the name has no place and no firm in it"),
    "name_without_occupation": ("名称未含职业（工种）名称", "the name does not have the occupation in it"),
    "name_without_training": ("名称未以“培训”结尾", "the name does not end in 培训 (training)"),
}
_SUFFIXES: Final = ("自治县", "自治区", "新区", "省", "市", "区", "县")
_SHORTEST: Final = 2


def place(region: str) -> str:
    """Return a region's name as it stands in a brand: 福山区 → 福山. Raises UnknownCode."""
    whole = regions.name(region)
    for suffix in _SUFFIXES:
        if whole.endswith(suffix) and len(whole) - len(suffix) >= _SHORTEST:
            return whole.removesuffix(suffix)
    return whole


def suggested(region: str, occupation: str, firm: str | None = None) -> str:
    """Return the usual name: the firm's where one is given, else the place's. Raises UnknownCode."""
    return f"{firm or place(region)}{occupations.name(occupation)}培训"


def warnings(name: str, region: str, occupation: str, firm: str | None = None) -> list[str]:
    """Return what of the usual name is missing (codes of WARNINGS).

    A region above or below will do as the place.
    """
    below = (each for each in regions.CODES if regions.covers(region, each))
    places = [place(each) for each in (*below, *regions.ancestors(region))]
    found = []
    if not any(each in name for each in (*places, *([firm] if firm else []))):
        found.append("name_without_place")
    if occupations.name(occupation) not in name:
        found.append("name_without_occupation")
    if not name.endswith("培训"):
        found.append("name_without_training")
    return found
