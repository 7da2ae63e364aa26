"""What each kind of rule must say: the values that it carries and the facts that it may depend on."""

from dataclasses import dataclass, field
from typing import Final

COUNT: Final = "a whole number of 0 or more"
FEN: Final = "a whole number of fen, 0 or more"
PERCENT: Final = "a whole number from 0 to 100"
RATE: Final = "a percentage from 1 to 1000, a whole number"
YES_NO: Final = "true or false"
GROUPS: Final = "a list of target groups"
GRADUATION: Final = "this_year or within_2_years"
LEVEL: Final = "a skill level"
LEVELS: Final = "a list of skill levels"
KIND: Final = "a kind of training"
FUND: Final = "a fund"
FILES: Final = "a list of kinds of evidence"

CLAIMS: Final = (
    "project_advance",
    "project_balance",
    "class_training",
    "living_cost",
    "transport",
    "employment_uplift",
    "certificate_batch",
    "person_training",
    "wage_month",
)
"""Kinds of claims that a rule may be about."""

EVIDENCE: Final[dict[str, tuple[str, str]]] = {
    "training_plan": ("培训计划", "training plan"),
    "sign_in_sheet": ("学员签到表", "sign-in sheets"),
    "video": ("培训视频类资料", "training videos"),
    "wage_roster": ("职工花名册", "roster of employees"),
    "wage_statement": ("发放工资银行对账单", "bank statement of wages"),
}
"""Kinds of evidence that a document asks for by name [107 §2; 600 §2]."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`values` and `optional` map names to types; a `ground` may be in force beside others of its topic.

    `by` says what of a ground must not be there twice at a time within one document: groups or funds. Rules
    of a topic that hold `together` are all asked for, not the nearest one. `memorandum`: it is about money of
    others, out of which no claim is paid.
    """

    zh: str
    en: str
    values: dict[str, str] = field(default_factory=dict)
    optional: dict[str, str] = field(default_factory=dict)
    applies: tuple[str, ...] = ()
    ground: bool = False
    by: str = "groups"
    together: bool = False
    memorandum: bool = False


_TRAINING = ("organisation", "kind", "occupation", "level")

TOPICS: Final[dict[str, Topic]] = {
    # who
    "eligible_groups": Topic(
        "补贴对象",
        "eligible groups",
        {"groups": GROUPS},
        {"graduation": GRADUATION},
        applies=("kind",),
        ground=True,
    ),
    "no_pension": Topic("养老金资格", "pension entitlement"),
    "residence_no_condition": Topic("不设户籍条件", "residence is no condition"),
    "free_training": Topic("免费培训对象", "groups trained free", {"groups": GROUPS}, ground=True),
    "training_levels": Topic("培训等级范围", "levels of a training", {"levels": LEVELS}, applies=("kind",)),
    # under which conditions
    "real_name": Topic("实名制", "real-name record"),
    "subsidies_per_year": Topic("每年次数", "subsidies a year", {"times": COUNT}),
    "once_per_occupation_level": Topic("同职业同等级一次", "once for an occupation and level"),
    "certificate_first": Topic("先取证后补贴", "certificate first"),
    "claim_evidence": Topic(
        "申领材料",
        "evidence of a claim",
        {"files": FILES},
        applies=("payee", "claim", "payroll"),
        together=True,
    ),
    "direct_payment": Topic("直补企业", "paid to the enterprise itself", applies=("organiser",)),
    # how much
    "training_standard": Topic(
        "培训补贴标准", "training standard", {"per_person_fen": FEN}, applies=_TRAINING
    ),
    "hourly_standard": Topic(
        "按学时的培训补贴标准", "training standard by the hour", {"per_hour_fen": FEN}, applies=_TRAINING
    ),
    "consumables_factor": Topic("实训耗材系数", "consumables", {"percent": RATE}, applies=_TRAINING),
    "shortage_factor": Topic("急需紧缺系数", "shortage", {"percent": RATE}, applies=_TRAINING),
    "training_cap": Topic("培训补贴上限", "cap of a training", {"max_fen": FEN}, applies=_TRAINING),
    "not_all_at_cap": Topic("不得全部按顶额", "never all at the cap", {"kind": KIND}),
    "uplift_window": Topic("就业上浮条件", "uplift for employment", {"months": COUNT, "kind": KIND}),
    "employment_uplift": Topic("就业上浮标准", "uplift", {"percent": RATE}, applies=("kind",)),
    "living_cost": Topic(
        "生活费补贴", "living costs", {"daily_fen": FEN, "max_days": COUNT, "groups": GROUPS}
    ),
    "transport": Topic("交通费补贴", "transport", {"daily_fen": FEN, "max_fen": FEN, "groups": GROUPS}),
    "certificate_rate": Topic(
        "取证补贴标准", "certificate rate", {"per_certificate_fen": FEN}, applies=("certificate",)
    ),
    "certificate_once": Topic("一证一补", "once for a certificate"),
    "certificate_agreement": Topic("培训主体代领取证补贴", "claimed by the training body, by agreement"),
    "oriented_cap": Topic(
        "定向培训上限",
        "cap of oriented training",
        {"max_fen": FEN, "min_months": COUNT, "max_months": COUNT, "level": LEVEL},
        {"places": COUNT},
    ),
    "work_for_training": Topic("以工代训", "work for training", {"counts_as_training": YES_NO}),
    "work_for_training_rate": Topic(
        "以工代训标准", "work-for-training rate", {"monthly_fen": FEN, "max_months": COUNT}
    ),
    # in which stages
    "advance_share": Topic("先行拨付比例", "share paid first", {"percent": PERCENT}),
    "no_stages": Topic("不分期拨付", "no staged payment"),
    "employment_rate": Topic("就业率", "employment rate", {"percent": PERCENT}),
    "follow_up_window": Topic("就业跟踪窗口", "follow-up window", {"months": COUNT}),
    "below_rate_decision": Topic(
        "未达就业率的决定幅度", "decision below the rate", {"min_percent": PERCENT, "max_percent": PERCENT}
    ),
    "registry_fresh": Topic("联网核查有效期", "how long a registry's answer holds", {"days": COUNT}),
    "risk_shared_contact": Topic("共用电话或账号", "shared phone or account", {"people": COUNT}),
    "risk_sign_in": Topic(
        "签到密度", "density of sign-ins", {"per_minute": COUNT, "percent_of_seats": COUNT}
    ),
    "class_completion": Topic(
        "结业条件",
        "completion of a class",
        {"attended_percent": PERCENT, "pass_points": PERCENT, "makeups": COUNT},
    ),
    "sign_in": Topic(
        "签到",
        "sign-in",
        {
            "metres": COUNT,
            "opens_minutes": COUNT,
            "code_seconds": COUNT,
            "codes_back": COUNT,
            "codes_ahead": COUNT,
            "offline_hours": COUNT,
            "absent_minutes": COUNT,
            "card_percent": PERCENT,
        },
    ),
    "risk_bulk_certificates": Topic(
        "新机构集中发证", "certificates in bulk by a new body", {"days": COUNT, "certificates": COUNT}
    ),
    # bodies on the register, their grades, follow-up of their graduates
    "provider_admission": Topic("机构准入条件", "admission of bodies", {"teachers": COUNT, "places": COUNT}),
    "provider_reentry": Topic("清退后重新准入", "re-entry after an exit", {"months": COUNT}),
    "grade_weights": Topic(
        "分级权重",
        "weights of a grade",
        {"results": PERCENT, "employment": PERCENT, "feedback": PERCENT, "credit": PERCENT, "money": PERCENT},
    ),
    "grade_thresholds": Topic("分级界限", "thresholds of grades", {"a": PERCENT, "b": PERCENT, "c": PERCENT}),
    "grade_window": Topic(
        "分级期间与样本",
        "window and sample of a grade",
        {"months": COUNT, "people": COUNT, "employment_after_months": COUNT, "answers": COUNT},
    ),
    "grade_credit": Topic(
        "信用扣分",
        "points off for credit marks",
        {
            "months": COUNT,
            "warning": PERCENT,
            "suspension": PERCENT,
            "claims_barred": PERCENT,
            "exit": PERCENT,
            "handed_on": PERCENT,
        },
    ),
    "priority_list": Topic("优选计划条件", "priority list", {"points": PERCENT, "clean_months": COUNT}),
    "follow_up_visits": Topic(
        "回访时点", "times of revisits", {"first_month": COUNT, "second_month": COUNT, "third_month": COUNT}
    ),
    # how long demands and mandates stand
    "demand_terms": Topic(
        "需求单期限",
        "terms of demands",
        {"wanted_within_days": COUNT, "lapses_after_days": COUNT, "warned_before_days": COUNT},
    ),
    "mandate_terms": Topic("代办授权期限", "terms of mandates", {"days": COUNT, "most_days": COUNT}),
    # how a provider is found, by way
    "sourcing_rules": Topic(
        "接单规则",
        "rules of sourcing",
        {
            "bids": COUNT,
            "bids_again": COUNT,
            "pass_points": PERCENT,
            "panel": COUNT,
            "pool_percent": RATE,
            "working_days": COUNT,
        },
        applies=("way",),
    ),
    "public_notice": Topic("公示期", "public notice", {"working_days": COUNT}),
    # by what open demands are grouped into proposals of projects
    "project_proposals": Topic(
        "需求归并参数",
        "grouping of demands",
        {
            "within_km": COUNT,
            "within_days": COUNT,
            "at_least": COUNT,
            "at_most": COUNT,
            "demands": COUNT,
        },
    ),
    # choice of a class
    "seat_hold": Topic("占位时限", "hold of a seat", {"minutes": COUNT, "after_waiting_hours": COUNT}),
    "voucher_reminders": Topic(
        "培训券到期提醒",
        "reminders of a voucher",
        {"first_days": COUNT, "second_days": COUNT, "last_days": COUNT},
    ),
    # records of people, their credits, and how long what is kept
    "certificate_credits": Topic(
        "证书学分", "credits of a certificate", {"credits": COUNT}, applies=("level",)
    ),
    "training_credits": Topic("培训学分", "credits of training", {"hours": COUNT, "most": COUNT}),
    "record_sharing": Topic(
        "授权与凭证期限", "terms of consents", {"consent_days": COUNT, "credential_days": COUNT}
    ),
    "personal_data_kept": Topic(
        "注销后保存期限",
        "what is kept after a deletion",
        {"payment_years": COUNT, "training_years": COUNT, "log_years": COUNT},
    ),
    # out of which money
    "fund_sources": Topic("资金来源", "sources of funds", ground=True, by="fund"),
    "fund_first": Topic("优先使用的资金", "fund to be used first", {"fund": FUND}),
    "provincial_support": Topic("省级调剂", "provincial support", {"months": COUNT}),
    "cost_share": Topic(
        "培训费用分担",
        "shares of the cost",
        {"government_percent": PERCENT, "firm_percent": PERCENT, "person_percent": PERCENT},
        applies=("kind", "with_firm"),
    ),
    "staff_education_share": Topic(
        "职工教育经费用于一线职工", "staff education funds", {"percent": PERCENT}, memorandum=True
    ),
}
