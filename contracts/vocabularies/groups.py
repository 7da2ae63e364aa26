"""Target groups (人员类别): the kinds of people that the documents name.

Which of them is in force on a day is a rule of services/policy, not of this list.
"""

from contracts.vocabularies.terms import Term, Vocabulary

GROUPS = Vocabulary(
    "groups",
    (
        Term("enterprise_employee", "企业职工", "employee of a firm", "37 §9; 7 §3; AP"),
        Term("unemployed", "失业人员", "registered unemployed person", "AP"),
        Term("rural_transfer", "农村转移就业劳动者", "rural worker moving to other work", "37 §1; 7 §4"),
        Term("returning_rural", "返乡农民工、返乡下乡创业人员", "returning rural worker", "7 §4; AP"),
        Term("poverty_relief", "脱贫享受政策人口", "person lifted out of poverty, under policy", "7 §4; AP"),
        Term("difficulty", "就业困难人员", "person in employment difficulty", "37 §1"),
        Term("social_relief", "困难职工家庭、社会救助对象", "member of a family on social relief", "7 §4"),
        Term("disabled", "残疾人", "disabled person", "7 §4"),
        Term("veteran", "退役军人", "veteran", "7 §4; AP"),
        Term("graduate_of_year", "毕业年度高校毕业生", "university graduate of the year", "37 §1; 31号 §1"),
        Term(
            "graduate_unemployed",
            "离校2年内未就业高校毕业生",
            "graduate out of work within 2 years",
            "107 §1",
        ),
        Term(
            "vocational_graduate_of_year",
            "毕业年度职业院校（含技工院校）毕业生",
            "vocational or technician school graduate of the year",
            "107 §1; 31号 §1; 7 §8",
        ),
        Term("student", "在校学生", "student at school", "107 §1; 7 专栏3(2); AP"),
        Term("not_continuing", "两后生", "school leaver who does not go on to study", "7 §4; AP"),
        Term("released", "即将刑满释放、强制隔离戒毒人员", "person about to be released", "7 §4"),
        Term("farmer", "高素质农民", "skilled farmer", "7 §4; AP"),
        Term("care_worker", "家政养老服务从业人员", "home and elder care worker", "37 §1"),
        Term("self_employed_staff", "个体工商户用工", "employee of a self-employed person's firm", "600 §4"),
        Term(
            "non_enterprise_staff",
            "民办非企业单位用工",
            "employee of a private non-enterprise unit",
            "600 §4",
        ),
        Term("flexible_worker", "灵活就业人员", "flexible worker", "600 §4"),
        Term(
            "no_pension_in_need",
            "确有需求、不具有按月领取养老金资格的人员",
            "person in real need of training, without a pension",
            "AP",
        ),
        Term(
            "vocational_teacher",
            "职业院校专业教师（实习指导教师）",
            "teacher of a vocational school",
            "7 专栏2(5)",
        ),
        Term("startup_intent", "有创业意愿的劳动者", "worker who means to found a firm", "7 §5"),
    ),
)
CODES = GROUPS.codes
exists = GROUPS.exists
name = GROUPS.name
