"""What each kind of rule must say: the values that it carries and the facts that it may depend on."""

from dataclasses import dataclass, field
from typing import Final

COUNT: Final = "a whole number of 0 or more"
FEN: Final = "a whole number of fen, 0 or more"
PERCENT: Final = "a whole number from 0 to 100"
GROUPS: Final = "a list of target groups"
GRADUATION: Final = "this_year or within_2_years"
LEVEL: Final = "a skill level"


@dataclass(frozen=True, slots=True)
class Topic:
    """`values` and `optional` map names to types; a `ground` may be in force beside others of its topic."""

    zh: str
    en: str
    values: dict[str, str] = field(default_factory=dict)
    optional: dict[str, str] = field(default_factory=dict)
    applies: tuple[str, ...] = ()
    ground: bool = False


TOPICS: Final[dict[str, Topic]] = {
    "eligible_groups": Topic(
        "补贴对象", "eligible groups", {"groups": GROUPS}, {"graduation": GRADUATION}, ground=True
    ),
    "no_pension": Topic("养老金资格", "pension entitlement"),
    "residence_no_condition": Topic("不设户籍条件", "residence is no condition"),
    "real_name": Topic("实名制", "real-name record"),
    "subsidies_per_year": Topic("每年次数", "subsidies a year", {"times": COUNT}),
    "once_per_occupation_level": Topic("同职业同等级一次", "once for an occupation and level"),
    "certificate_first": Topic("先取证后补贴", "certificate first"),
    "training_standard": Topic(
        "培训补贴标准",
        "training standard",
        {"per_person_fen": FEN},
        applies=("organisation", "kind", "occupation", "level"),
    ),
    "advance_share": Topic("先行拨付比例", "share paid first", {"percent": PERCENT}),
    "employment_rate": Topic("就业率", "employment rate", {"percent": PERCENT}),
    "follow_up_window": Topic("就业跟踪窗口", "follow-up window", {"months": COUNT}),
    "public_notice": Topic("公示期", "public notice", {"working_days": COUNT}),
    "living_cost": Topic(
        "生活费补贴", "living costs", {"daily_fen": FEN, "max_days": COUNT, "groups": GROUPS}
    ),
    "certificate_rate": Topic(
        "取证补贴标准", "certificate rate", {"per_certificate_fen": FEN}, applies=("certificate",)
    ),
    "certificate_once": Topic("一证一补", "once for a certificate"),
    "oriented_cap": Topic(
        "定向培训上限",
        "cap of oriented training",
        {"max_fen": FEN, "min_months": COUNT, "max_months": COUNT, "level": LEVEL},
    ),
}
