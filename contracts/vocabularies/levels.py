"""Skill levels (职业技能等级) by the field's codes: 五级 (5) to 一级 (1), the three names that the new
eight-grade system (新八级工制度) adds below and above them, and special abilities.
"""

from typing import Final

from contracts.vocabularies.terms import Term, Vocabulary

SPECIAL = "special"

LEVELS = Vocabulary(
    "levels",
    (
        Term("5", "初级工", "junior (level 5)"),
        Term("4", "中级工", "intermediate (level 4)"),
        Term("3", "高级工", "senior (level 3)"),
        Term("2", "技师", "technician (level 2)"),
        Term("1", "高级技师", "senior technician (level 1)"),
        Term("apprentice", "学徒工", "apprentice worker"),
        Term("special_technician", "特级技师", "special-grade technician"),
        Term("chief_technician", "首席技师", "chief technician"),
        Term(SPECIAL, "专项职业能力", "specialised ability"),
    ),
)
# from the lowest to the highest
EIGHT_GRADES: Final = ("apprentice", "5", "4", "3", "2", "1", "special_technician", "chief_technician")
_NUMBERED: Final = {"5": "五级", "4": "四级", "3": "三级", "2": "二级", "1": "一级"}
CODES = LEVELS.codes
exists = LEVELS.exists
name = LEVELS.name


def written(code: str) -> str:
    """Return a level as a certificate writes it: 四级（中级工）; raises UnknownCode."""
    word = name(code)
    return f"{_NUMBERED[code]}（{word}）" if code in _NUMBERED else word
