"""How training is given, what for, and how it is paid: three lists that are never mixed."""

from contracts.vocabularies.terms import Term, Vocabulary

ON_SITE = "on_site"
MODES = Vocabulary(
    "modes",
    (
        Term(ON_SITE, "线下", "on site"),
        Term("online", "线上", "online"),
        Term("blended", "线上线下结合", "blended"),
    ),
)
CODES = MODES.codes
exists = MODES.exists
name = MODES.name

EMPLOYMENT_SKILLS = "employment_skills"
ORIENTED = "oriented"
KINDS = Vocabulary(
    "kinds",
    (
        Term(EMPLOYMENT_SKILLS, "就业技能培训", "training for employment", "7 三; 37 §3"),
        Term("pre_job", "岗前培训", "training before the first post", "7 专栏2(1); 37 §9; AP"),
        Term("on_job", "在岗培训", "training on the post", "7 专栏2(2)"),
        Term("transfer", "转岗转业培训", "training for another post", "7 专栏2(3); 37 §9; AP"),
        Term("apprenticeship", "企业新型学徒制培训", "new-style apprenticeship", "7 专栏2(4); 600 §3; AP"),
        Term("golden_blue", "金蓝领培训", "golden-blue-collar training (levels 2 and 1)", "7 专栏2(5); AP"),
        Term("order", "订单式培训", "training to a firm's order", "7 §3"),
        Term(ORIENTED, "定向式培训", "training for an industry or firm", "7 §3; 600 §9(1)"),
        Term("startup", "创业培训", "training for founders", "7 §5; AP"),
        Term("safety", "安全技能培训", "safety training", "7 §3; AP"),
        Term("general", "普惠制培训", "general training of cities and counties", "600 §1"),
        Term("work_for_training", "以工代训", "work for training (to the end of 2021)", "600 §2"),
    ),
)

PROJECT_TYPE = "project_type"
ORGANISATIONS = Vocabulary(
    "organisations",
    (
        Term(PROJECT_TYPE, "项目制", "project-type, paid in stages", "AP; 7 §12; 37 §1"),
        Term("ordinary", "非项目制", "ordinary, paid after the certificate", "AP"),
    ),
)
