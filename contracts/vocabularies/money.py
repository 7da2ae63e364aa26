"""Fund sources (资金来源), memorandum accounts (备查账) and who receives money (补贴领取人)."""

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

# money of others beside the subsidy (S22): noted in memorandum accounts, never budgeted or encumbered
MEMORANDUM = Vocabulary(
    "memorandum",
    (
        Term("staff_education", "职工教育经费", "a firm's staff education fund", "37 §18; 7 §26"),
        Term(
            "front_line_education",
            "职工教育经费用于一线职工",
            "of a firm's staff education fund, for front-line workers",
            "7 §26",
        ),
        Term("firm_share", "企业出资", "what firms contribute to a training", "37 §18"),
        Term("person_share", "个人付费", "what persons pay for a training", "37 §18"),
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
