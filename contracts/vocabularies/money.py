"""Fund sources (资金来源) and the roles in which money is received (补贴领取人)."""

from contracts.vocabularies.terms import Term, Vocabulary

FUNDS = Vocabulary(
    "funds",
    (
        Term("employment_subsidy", "就业补助资金", "employment subsidy fund", "37 §18; AP; 7 §26"),
        Term("unemployment_insurance", "失业保险基金", "unemployment insurance fund", "37 §18; AP; 7 §26"),
        Term(
            "special_account", "职业技能提升行动专账", "skills action special account", "37 §18; AP; 600 §4"
        ),
        Term("startup_support", "创业带动就业扶持资金", "start-up support fund", "AP"),
        Term("dedicated_training", "专项培训资金", "dedicated training fund", "AP"),
    ),
)

PAYEES = Vocabulary(
    "payees",
    (
        Term("person", "劳动者", "person"),
        Term("provider", "培训机构", "training provider"),
        Term("enterprise", "企业", "enterprise"),
        Term("school", "院校", "school, on its learners' behalf"),
        Term("assessor", "评价机构", "assessment body"),
    ),
)
