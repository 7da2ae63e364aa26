"""Regions by GB/T 2260 code: Shandong with its cities and counties, Shanxi as a jurisdiction of its own.

An officer acts for a region and all below it. Data and its provenance: data/regions.toml.
"""

from contracts.vocabularies.terms import Language, Term, UnknownCode, Vocabulary, read_data


def _load() -> Vocabulary:
    terms = []
    for province in read_data("regions.toml")["province"]:
        terms.append(Term(province["code"], province["zh"], province["en"], "province"))
        for city in province.get("city", ()):
            terms.append(Term(city["code"], city["zh"], city["en"], "city"))
            terms += [Term(code, zh, zh, "county") for code, zh in city["counties"].items()]
    return Vocabulary("regions", terms)


REGIONS = _load()
CODES = REGIONS.codes
PROVINCES = tuple(code for code in CODES if code.endswith("0000"))
CITIES = tuple(code for code in CODES if code.endswith("00") and code not in PROVINCES)
COUNTIES = tuple(code for code in CODES if not code.endswith("00"))


def exists(code: str) -> bool:
    """Return whether the region is known."""
    return REGIONS.exists(code)


def name(code: str, language: Language = "zh") -> str:
    """Return the region's own name (counties have no English name: Chinese); raises UnknownCode."""
    return REGIONS.name(code, language)


def full_name(code: str) -> str:
    """Return the name with those above it: 山东省烟台市福山区; raises UnknownCode."""
    return "".join(name(each) for each in reversed((code, *ancestors(code))))


def province_of(code: str) -> str:
    """Return the province of a region (a province is its own); raises UnknownCode."""
    return REGIONS.term(code).code[:2] + "0000"


def city_of(code: str) -> str | None:
    """Return the city of a county or city, None for a province; raises UnknownCode."""
    known = REGIONS.term(code).code
    return None if known.endswith("0000") else known[:4] + "00"


def ancestors(code: str) -> tuple[str, ...]:
    """Return the regions above, nearest first; raises UnknownCode."""
    above = (city_of(code), province_of(code))
    return tuple(each for each in above if each is not None and each != code)


def covers(officer_region: str, region: str) -> bool:
    """Return whether `region` is `officer_region` or lies in it; raises UnknownCode for either."""
    if not exists(officer_region):
        raise UnknownCode("regions", officer_region)
    return officer_region == region or officer_region in ancestors(region)


def children(code: str) -> tuple[str, ...]:
    """Return the regions directly below, in the order of their codes; raises UnknownCode."""
    REGIONS.term(code)
    return tuple(each for each in CODES if ancestors(each)[:1] == (code,))
