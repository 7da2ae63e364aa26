"""The life of a project: what it takes in, and what it tells."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contracts.events import catalogue as declared
from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import PROJECT
from services.catalogue.domain import demands as demand_rules
from services.catalogue.domain import projects
from services.catalogue.domain.demands import Demand
from services.catalogue.domain.projects import Award, Listing, Plan

assert declared.PROJECT_DRAFTED
NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
PLAN = Plan("福山焊工班", "370600", "6-18-02-04", "4", "on_site", "key_industry", 3, 120)
LISTING = Listing("open_challenge", 180_000, "示例标准", True)
AWARD = Award("provider", 170_000)


def demand(id, **changes):
    made = Demand(
        id,
        "worker",
        f"p{id}",
        "370611",
        "6-18-02-04",
        "4",
        1,
        "on_site",
        None,
        date(2027, 4, 1),
        "verified",
        month="2027-03",
    )
    return replace(made, **changes)


THREE = [demand("a"), demand("b"), demand("c")]


def told(facts):
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type.removeprefix("catalogue.project.") for type, _ in facts]


def drafted():
    return projects.draft("q", PLAN, ["a", "b", "c"], THREE, NOW)[0]


def listed():
    return projects.publish(drafted(), LISTING)[0]


def sourcing():
    return projects.begin_sourcing(listed(), "s")[0]


def awarded():
    return projects.take_award(sourcing(), "s", AWARD)[0]


def running():
    return projects.hear_of_class(awarded(), "c1", "confirmed")[0]


def completed():
    return projects.hear_of_class(running(), "c1", "completed")[0]


def test_the_way_of_a_project():
    project, facts = projects.draft("q", PLAN, ["a", "b", "c"], THREE, NOW)
    assert (project.status, project.headcount, told(facts)) == ("draft", 3, ["drafted"])
    project, facts = projects.publish(project, LISTING)
    assert (project.status, project.edition, told(facts)) == ("listed", 1, ["listed"])
    project, facts = projects.begin_sourcing(project, "s")
    assert (project.status, told(facts)) == ("sourcing", ["sourcing"])
    project, facts = projects.take_award(project, "s", AWARD)
    assert (project.status, told(facts)) == ("awarded", ["awarded"])
    project, facts = projects.hear_of_class(project, "c1", "confirmed")
    assert (project.status, told(facts)) == ("running", ["running"])
    project, facts = projects.hear_of_class(project, "c1", "under_way")
    assert facts == []
    project, facts = projects.hear_of_class(project, "c1", "completed")
    project, facts = projects.close(project, "结业")
    assert (project.status, told(facts)) == ("closed", ["closed"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "submitted"}, "catalogue.demand_not_open"),
        ({"status": "withdrawn"}, "catalogue.demand_not_open"),
        ({"project_id": "other"}, "catalogue.demand_taken"),
        ({"occupation": "4-01-06-01"}, "catalogue.demand_differs"),
        ({"level": "3"}, "catalogue.demand_differs"),
        ({"region": "370102"}, "catalogue.demand_differs"),
    ],
)
def test_a_demand_that_does_not_fit_is_named(changes, code):
    with pytest.raises(Refusal) as caught:
        projects.draft("q", PLAN, ["a", "b", "c"], [demand("a"), demand("b", **changes), demand("c")], NOW)
    assert (caught.value.code, caught.value.field, caught.value.facts["demand_id"]) == (
        code,
        "demand_ids",
        "b",
    )


def test_an_unknown_demand_is_named():
    with pytest.raises(Refusal) as caught:
        projects.draft("q", PLAN, ["a", "b", "x"], THREE[:2], NOW)
    assert (caught.value.code, caught.value.facts["demand_id"]) == ("catalogue.demand_unknown", "x")


def test_no_more_seats_than_people_who_asked():
    with pytest.raises(Refusal, match=r"catalogue\.seats_beyond_demand at seats"):
        projects.draft("q", replace(PLAN, seats=4), ["a", "b", "c"], THREE, NOW)
    firm = demand("c", kind="enterprise", headcount=20)
    projects.draft("q", replace(PLAN, seats=22), ["a", "b", "c"], [*THREE[:2], firm], NOW)


def test_listing_again_is_a_new_edition():
    project, facts = projects.publish(listed(), replace(LISTING, standard_fen=190_000))
    assert (project.edition, facts[0][1]["edition"], facts[0][1]["standard_fen"]) == (2, 2, 190_000)


def test_after_a_failed_sourcing_it_is_listed_anew():
    project, facts = projects.sourcing_failed(sourcing(), "s")
    assert (project.status, project.edition, project.sourcing_id, told(facts)) == (
        "listed",
        2,
        None,
        ["listed"],
    )
    assert projects.begin_sourcing(project, "s2")[0].status == "sourcing"


def test_news_of_a_class_may_come_before_the_award():
    project, facts = projects.hear_of_class(sourcing(), "c1", "confirmed")
    assert (project.status, facts) == ("sourcing", [])
    project, facts = projects.take_award(project, "s", AWARD)
    assert (project.status, told(facts)) == ("running", ["awarded", "running"])


def test_an_award_is_withdrawn_when_the_news_of_every_stopped_class_is_there():
    # the class was stopped before the winner stepped back, and its news comes after
    with pytest.raises(LookupError, match="c1"):
        projects.award_withdrawn(running(), "s")
    stopped, facts = projects.hear_of_class(running(), "c1", "stopped")
    assert facts == []
    project, facts = projects.award_withdrawn(stopped, "s")
    assert (project.status, project.award, told(facts)) == ("sourcing", None, ["sourcing"])
    assert projects.award_withdrawn(stopped, "other") == (stopped, [])
    # the next winner's project runs from its own class on
    again, facts = projects.take_award(project, "s", AWARD)
    assert (again.status, told(facts)) == ("awarded", ["awarded"])
    begun, facts = projects.hear_of_class(again, "c2", "confirmed")
    assert (begun.status, facts[0][1]) == ("running", {"class_id": "c2"})


def test_news_of_another_sourcing_changes_nothing():
    project = sourcing()
    assert projects.take_award(project, "other", AWARD) == (project, [])
    assert projects.sourcing_failed(project, "other") == (project, [])
    assert projects.begin_sourcing(project, "other") == (project, [])


STATES = {
    "draft": drafted,
    "listed": listed,
    "sourcing": sourcing,
    "awarded": awarded,
    "running": completed,
    "closed": lambda: projects.close(completed(), "结业")[0],
    "withdrawn": lambda: projects.withdraw(drafted(), "不办了")[0],
}
COMMANDS = {
    "publish": (lambda project: projects.publish(project, LISTING), ("draft", "listed")),
    "withdraw": (lambda project: projects.withdraw(project, "不办了"), ("draft", "listed")),
    "close": (lambda project: projects.close(project, "结业"), ("running",)),
}


@pytest.mark.parametrize("status", PROJECT)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_step_out_of_order_is_refused(name, status):
    command, allowed = COMMANDS[name]
    project = STATES[status]()
    assert project.status == status
    if status in allowed:
        assert len(told(command(project)[1])) == 1
    else:
        with pytest.raises(Refusal, match="out_of_order"):
            command(project)


def test_a_project_closes_when_its_classes_have_ended():
    with pytest.raises(Refusal, match=r"catalogue\.nothing_completed"):
        projects.close(running(), "结业")
    begun = projects.hear_of_class(completed(), "c2", "under_way")[0]
    with pytest.raises(Refusal, match=r"catalogue\.class_under_way"):
        projects.close(begun, "结业")
    stopped = projects.hear_of_class(begun, "c2", "stopped")[0]
    assert projects.close(stopped, "结业")[0].status == "closed"


def test_a_demand_is_open_while_it_stands_and_is_free():
    assert demand("a").open
    assert demand("a", status="listed").open
    taken = demand_rules.taken(demand("a"), "q")
    assert not taken.open
    assert demand_rules.freed(taken).open
    assert not demand_rules.heard(demand("a"), "withdrawn").open
