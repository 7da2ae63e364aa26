"""Refusals of projects: drafts changed, cards, programmes, one county one project."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "catalogue.too_many_demands": E(
        422,
        "未列单需求 {found} 份，一次最多归并 {most} 份",
        "{found} open demands; at most {most} are grouped at once",
        "请按区县、职业或等级缩小范围",
        "Narrow it by county, occupation or level",
    ),
    "catalogue.no_figures": E(
        422,
        "区域 {region} 未设需求归并参数",
        "There are no figures for the grouping of demands in region {region}",
        "请联系平台管理员补充参数",
        "Have the parameters entered",
    ),
    "catalogue.split_demands": E(
        422,
        "拆分须将每份需求单恰好归入一部分：重复 {doubled} 份，遗漏 {lacking} 份",
        "A split puts each demand into exactly one part: {doubled} doubled, {lacking} left out",
        "请核对各部分的需求单",
        "Check the demands of each part",
    ),
    "catalogue.card_hours": E(
        422,
        "培训内容共 {content} 学时，与计划 {hours} 学时不符",
        "The content has {content} class hours, the plan {hours}",
        "请使内容学时合计等于计划学时",
        "Let the content add up to the plan's hours",
    ),
    "catalogue.post_demand": E(
        422,
        "岗位所对应的需求单 {demand_id} 不是本项目的企业需求",
        "Demand {demand_id} of a post is no firm's demand of this project",
        "请选择本项目内的企业需求单",
        "Choose a firm's demand of the project",
    ),
    "catalogue.post_headcount": E(
        422,
        "岗位人数 {headcount} 多于需求单的 {asked} 人",
        "The posts ask for {headcount} people, the demand for {asked}",
        "请按需求单人数填写",
        "Keep to the demand's headcount",
    ),
    "catalogue.quota_region": E(
        422,
        "区域 {region} 不在本专项区域内，或已含于另一名额区域",
        "Region {region} is not in the programme's, or lies within another quota's",
        "请按互不包含的下级区域分配名额",
        "Give quotas to regions that do not contain one another",
    ),
    "catalogue.quotas_beyond_target": E(
        422,
        "名额合计 {quotas} 人，超出目标 {target} 人",
        "The quotas add up to {quotas}, the target is {target}",
        "请减少名额或提高目标",
        "Lower the quotas or raise the target",
    ),
    "catalogue.quota_below_listed": E(
        409,
        "区域 {region} 已列单 {listed} 人，名额不能为 {quota}",
        "{listed} seats of region {region} are listed already: its quota cannot be {quota}",
        "名额不得少于已列单人数",
        "Keep the quota at what is listed or above",
    ),
    "catalogue.quota_exceeded": E(
        409,
        "区域 {region} 名额 {quota} 人，仅余 {left} 人",
        "Region {region} has a quota of {quota}, of which {left} are left",
        "请减少计划人数，或请上级调整名额",
        "Plan fewer seats, or have the quota changed",
    ),
    "catalogue.county_needed": E(
        422,
        "“一县一项目”须指定县（市、区），{region} 不是",
        "One county one project is for a county; {region} is none",
        "请选择县（市、区）",
        "Choose a county",
    ),
    "catalogue.county_taken": E(
        409,
        "该县本年度已列项目 {project_id}",
        "The county has project {project_id} for the year already",
        "请先使原项目退出清单",
        "Take that one off the list first",
    ),
    "catalogue.county_project": E(
        422,
        "项目 {project_id} 未列单或不覆盖该县",
        "Project {project_id} is not listed, or not for this county",
        "请选择已列单且区域相符的项目",
        "Choose a listed project of that region",
    ),
}
