"""(2) 列单: the catalogue officer of 烟台 merges the demands into a project and lists it."""

from infra.demo import tell
from infra.demo.figures import (
    CLASS_SEATS,
    DAYS,
    HEADCOUNT,
    HOURS_A_DAY,
    LEVEL,
    OCCUPATION,
    STANDARD_FEN,
    STANDARD_RULE,
    WORKERS,
    yuan,
)
from infra.demo.officers import CITY
from infra.demo.story import Story


def run(story: Story) -> None:
    """Draft and list the project."""
    tell.step(2, "列单：烟台市目录管理人员归并需求、列出项目", "demands merged into a listed project")
    officer = story.officer("catalogue")
    summary = officer.get("/demand-summary", region=CITY, occupation=OCCUPATION, level=LEVEL)
    tell.say(
        f"需求汇总：劳动者 {summary['workers']} 人、企业需求 {summary['firm_headcount']} 人",
        "what is asked for in the city",
    )
    project = officer.post(
        "/projects",
        {
            "name": f"焊工中级工项目制培训（示例 {story.cast.mark}）",
            "region": CITY,
            "occupation": OCCUPATION,
            "level": LEVEL,
            "mode": "on_site",
            "programme": "rural_transfer",
            "seats": sum(CLASS_SEATS),
            "hours": DAYS * HOURS_A_DAY,
            "demand_ids": story.demand_ids,
        },
    )
    story.project_id = project["id"]
    listed = officer.post(
        f"/projects/{story.project_id}/listing",
        {
            "sourcing_way": "open_challenge",
            "standard_fen": STANDARD_FEN,
            "standard_rule": STANDARD_RULE,
            "illustrative": True,
        },
    )
    tell.say(
        f"项目 {listed['name']}：{listed['demands']} 份需求单、{listed['seats']} 个学位、"
        f"{listed['hours']} 学时，"
        f"标准每人 {yuan(listed['standard_fen'])} 元（示例），揭榜挂帅",
        "listed, open for bids",
    )
    add = story.figures.add
    add("列单", "归并的需求单", "demands merged", WORKERS + 1, listed["demands"])
    add("列单", "需求人数", "people asked for", WORKERS + HEADCOUNT, listed["headcount"])
    add("列单", "学位", "seats listed", sum(CLASS_SEATS), listed["seats"])
    add("列单", "补贴标准（元/人）", "standard a person", STANDARD_FEN, listed["standard_fen"], money=True)
