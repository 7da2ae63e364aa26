"""The special programmes of the "1+N" system (1+N 项目化培训体系) [37 §1]."""

from contracts.vocabularies.terms import Term, Vocabulary

ACTION_ZH = "技能照亮前程"

PROGRAMMES = Vocabulary(
    "programmes",
    (
        Term("green", "齐鲁绿色低碳职业技能培训", "green and low-carbon skills", "37 §1"),
        Term(
            "key_industry", "重点产业重大项目急需紧缺职业工种培训", "scarce trades of key industries", "37 §1"
        ),
        Term("care", "家政养老服务从业人员培训", "home and elder care", "37 §1"),
        Term("rural_transfer", "农村转移就业劳动者技能培训", "rural workers moving to other work", "37 §1"),
        Term("graduates", "毕业年度高校毕业生技能培训", "university graduates of the year", "37 §1"),
        Term("difficulty", "就业困难人员技能培训", "people in employment difficulty", "37 §1"),
        Term("enterprise", "企业职工培训", "staff of firms along an industry chain", "37 §9"),
        Term("other_group", "其他重点群体技能培训", "other groups", "37 §1; 7 专栏3"),
    ),
)
CODES = PROGRAMMES.codes
exists = PROGRAMMES.exists
name = PROGRAMMES.name
