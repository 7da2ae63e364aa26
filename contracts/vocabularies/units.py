"""Compulsory units (必修课) of every vocational training [7 §6]."""

from contracts.vocabularies.terms import Term, Vocabulary

_SOURCE = "7 §6"
UNITS = Vocabulary(
    "units",
    (
        Term("labour_spirit", "劳动精神", "the spirit of labour", _SOURCE),
        Term("model_worker", "劳模精神", "the spirit of model workers", _SOURCE),
        Term("craftsmanship", "工匠精神", "craftsmanship", _SOURCE),
        Term("ethics", "职业道德", "professional ethics", _SOURCE),
        Term("guidance", "职业指导", "career guidance", _SOURCE),
        Term("quality", "质量意识", "awareness of quality", _SOURCE),
        Term("law", "法律知识", "knowledge of the law", _SOURCE),
        Term("rights", "维权保障", "protection of one's rights", _SOURCE),
        Term("work_safety", "安全生产", "safety at work", _SOURCE),
        Term("environment", "环境保护", "protection of the environment", _SOURCE),
        Term("fire", "消防应急", "fire and emergencies", _SOURCE),
        Term("health", "健康卫生", "health and hygiene", _SOURCE),
    ),
)
CODES = UNITS.codes


def missing(taught: frozenset[str]) -> tuple[str, ...]:
    """Return the compulsory units that are not among those taught, in the document's order."""
    return tuple(code for code in CODES if code not in taught)
