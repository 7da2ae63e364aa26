"""Calls of the programmes of a year (1+N), their quotas, and one county one project."""

from typing import Any

from contracts.commands import catalogue_programmes as c
from contracts.events import catalogue_programmes as declared
from contracts.vocabularies import programmes as words
from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.small_cells import Figure, protected
from services.catalogue.domain import programmes as rules
from services.catalogue.domain.programmes import Programme, programme_id
from services.catalogue.scopes import may_see
from services.catalogue.store import outcomes
from services.catalogue.store import programmes as store
from services.catalogue.store import projects as project_store
from services.chassis.service import Reader, Unit, command, query


class ProgrammeCalls:
    """What a region means to train in a year, and how far it is."""

    @command(c.SET_PROGRAMME)
    def set_programme(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Set target and quotas of a programme."""
        unit.actor.require_region(body["region"])
        id = programme_id(body["year"], body["code"], body["region"])
        quotas = {each["region"]: each["people"] for each in body["quotas"]}
        own = {name: body[name] for name in ("year", "code", "region", "target")}
        programme = Programme(id=id, **own, quotas=quotas)
        listed = store.seats_listed(unit, programme)
        doc = store.save_programme(unit, programme, listed, rules.decide(programme, listed))
        rows = [
            {"region": region, "people": quotas[region], "listed": listed.get(region, 0)} for region in quotas
        ]
        return _shown(body["year"], body["region"], body["code"], doc, rows, [], {})

    @query(c.LIST_PROGRAMMES)
    def list_programmes(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show the programmes of a region and year with what was listed and who was trained."""
        year, region = body["year"], body["region"]
        docs = store.programme_docs(reader, year, region)
        projects = store.projects_of_year(reader, year, region)
        trained = outcomes.trained_in(reader, [project["_id"] for project in projects])
        lines = []
        for code in words.CODES:
            own = [project for project in projects if project["programme"] == code]
            doc = docs.get(code)
            rows = store.quota_rows(reader, doc["_id"]) if doc else []
            lines.append(_shown(year, region, code, doc, rows, own, trained))
        sums = {name: sum(line[name] for line in lines) for name in ("projects", "seats", "trained")}
        target = sum(line["target"] or 0 for line in lines)
        shown = {"action": words.ACTION_ZH, "programmes": lines, "target": target, **sums}
        return shown if may_see(reader.actor, region) else _in_public(shown)

    @command(c.DESIGNATE)
    def designate_county_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Put a listed project on the list of one county one project."""
        county = body["county"]
        unit.actor.require_region(county)
        if county not in regions.COUNTIES:
            raise Refusal("catalogue.county_needed", field="county", region=county)
        project = project_store.load_project(unit, body["project_id"])
        if project is None or not project.public or not regions.covers(project.plan.region, county):
            raise Refusal("catalogue.county_project", field="project_id", project_id=body["project_id"])
        id = f"{body['year']}-{county}"
        doc = unit.get(store.COUNTY_PROJECTS, id)
        if doc is not None and doc["status"] == "on_list":
            raise Refusal("catalogue.county_taken", field="county", project_id=doc["project_id"])
        told = {name: body[name] for name in ("year", "county", "project_id", "theme", "reason")}
        new = {"_id": id, **told, "status": "on_list"}
        events = [(declared.COUNTY_PROJECT_DESIGNATED, told)]
        if doc is None:
            return _county(unit.insert(store.COUNTY_PROJECTS, new, events))
        return _county(unit.save(store.COUNTY_PROJECTS, {**doc, **new}, events))

    @command(c.END_COUNTY_PROJECT)
    def end_county_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take a project off the list."""
        doc = unit.target(store.COUNTY_PROJECTS, body["county_project_id"])
        unit.actor.require_region(doc["county"])
        if doc["status"] != "on_list":
            raise Refusal("out_of_order", status=doc["status"], step="end")
        ended = {**doc, "status": "ended", "reason": body["reason"]}
        events = [(declared.COUNTY_PROJECT_ENDED, {"reason": body["reason"]})]
        return _county(unit.save(store.COUNTY_PROJECTS, ended, events))

    @query(c.LIST_COUNTY_PROJECTS)
    def list_county_projects(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show each county of a region with its project, and those that have none."""
        docs = store.county_docs(reader, body["year"], body["region"])
        counties = [code for code in regions.COUNTIES if regions.covers(body["region"], code)]
        lines = [
            {"county": code, "project": _county(docs[code]) if code in docs else None} for code in counties
        ]
        return {"counties": lines, "covered": len(docs), "missing": len(counties) - len(docs)}


def _shown(
    year: int,
    region: str,
    code: str,
    doc: dict[str, Any] | None,
    rows: list[dict[str, Any]],
    projects: list[dict[str, Any]],
    trained: dict[str, int],
) -> dict[str, Any]:
    term = words.PROGRAMMES.term(code)
    quotas = [
        {
            "region": row["region"],
            "people": row["people"],
            "listed": row["listed"],
            "left": row["people"] - row["listed"],
        }
        for row in rows
    ]
    return {
        "id": programme_id(year, code, region),
        "version": doc["version"] if doc else None,
        "year": year,
        "code": code,
        "zh": term.zh,
        "en": term.en,
        "region": region,
        "target": doc["target"] if doc else None,
        "projects": len(projects),
        "seats": sum(project["seats"] for project in projects),
        "trained": sum(trained.get(project["_id"], 0) for project in projects),
        "quotas": quotas,
    }


def _in_public(shown: dict[str, Any]) -> dict[str, Any]:
    """Leave out small figures of people trained, and those that would give one away."""
    parts = tuple(Figure(line["code"], line["trained"]) for line in shown["programmes"] if line["trained"])
    if not parts:
        return shown
    total = protected(Figure("all", shown["trained"], parts))
    known = {part.key: part.value for part in total.parts}
    lines = [{**line, "trained": known.get(line["code"], 0)} for line in shown["programmes"]]
    return {**shown, "programmes": lines, "trained": total.value}


def _county(doc: dict[str, Any]) -> dict[str, Any]:
    return {"id": doc["_id"], **{name: value for name, value in doc.items() if name not in ("_id", "seq")}}
