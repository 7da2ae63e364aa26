"""Skill levels (职业技能等级) by the field's codes: 5 the lowest, 1 the highest, and special abilities."""

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
        Term(SPECIAL, "专项职业能力", "specialised ability"),
    ),
)
CODES = LEVELS.codes
exists = LEVELS.exists
name = LEVELS.name
