"""Refusals of catalogue (列单)."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "catalogue.demand_unknown": E(
        422,
        "找不到需求单 {demand_id}",
        "Demand {demand_id} is not known",
        "请从未列单需求中选择",
        "Choose from the open demands",
    ),
    "catalogue.demand_not_open": E(
        409,
        "需求单 {demand_id} 的状态为“{status}”，不能列入项目",
        "Demand {demand_id} is {status} and cannot be taken into a project",
        "请去掉该需求单，或待其核验通过",
        "Leave it out, or wait until it is verified",
    ),
    "catalogue.demand_taken": E(
        409,
        "需求单 {demand_id} 已列入项目 {project_id}",
        "Demand {demand_id} is in project {project_id} already",
        "请去掉该需求单",
        "Leave it out",
    ),
    "catalogue.demand_differs": E(
        422,
        "需求单 {demand_id} 的{zh}与项目不一致",
        "Demand {demand_id} differs from the project in {en}",
        "一个项目只收同一职业、同一等级、本区域内的需求单",
        "A project takes demands of one occupation and level in its region",
    ),
    "catalogue.seats_beyond_demand": E(
        422,
        "计划人数 {seats} 多于需求人数 {headcount}",
        "{seats} seats are more than the {headcount} people who asked",
        "请减少人数，或列入更多需求单",
        "Plan fewer seats, or take in more demands",
    ),
    "catalogue.class_under_way": E(
        409,
        "班次 {class_id} 尚未结束",
        "Class {class_id} has not ended",
        "全部已开班次结业或停办后再关闭项目",
        "Close the project when each class that began has been completed or stopped",
    ),
    "catalogue.nothing_completed": E(
        409,
        "项目尚无结业班次",
        "No class of the project has been completed",
        "至少一个班次结业后方可关闭；不再实施的项目请撤回",
        "Close it after a class was completed; withdraw a project that is given up",
    ),
}
