"""Estimates from upload to spreadsheet: gateway, broker, database and the process that reckons."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import psutil
import pytest
import requests

from contracts.vocabularies.errors import Refusal
from services.policy import rules_for
from services.settlement.estimates import sample
from services.settlement.estimates.reckoning import Reckoning
from tests.integration.settlement.claiming import CLASS_FEN, finished, worker
from tests.integration.settlement.world import CITY, FINANCE, Town, officer
from tests.support import backends
from tests.support.gateway import Client, Gateway
from tests.support.services import Running, wait_for

NEXT = 2027
RAISE = [
    {"rule": "sd.yantai.project.welder.4", "valid_from": "2027-01-01", "values": {"per_person_fen": 200_000}}
]
ENDED = ("done", "failed", "cancelled")


@dataclass
class Office:
    """A town with a gateway and a finance officer's client."""

    town: Town
    gateway: Gateway
    finance: Client

    def upload(self, content: bytes, name: str = "人群.csv", region: str = CITY) -> requests.Response:
        """Send a population."""
        url = f"{self.finance.base}/v1/populations"
        form = {"data": {"region": region}, "files": {"file": (name, content)}}
        return self.finance.http.post(url, timeout=120, **form)

    def start(self, **more: Any) -> dict[str, Any]:
        """Ask for an estimate of next year."""
        asked = {"name": "涨价方案", "region": CITY, "year": NEXT, "changes": RAISE, **more}
        answer = self.finance.post("/v1/estimates", asked)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def get(self, id: str) -> dict[str, Any]:
        """Return an estimate as it stands."""
        return dict(self.finance.get(f"/v1/estimates/{id}").json())

    def ended(self, id: str) -> dict[str, Any]:
        """Wait for the end of an estimate."""
        wait_for(lambda: self.get(id)["status"] in ENDED, 200, "estimate ended")
        return self.get(id)

    def workers(self) -> list[psutil.Process]:
        """Return the processes that reckon."""
        settlement = psutil.Process(self.town.running.pid("settlement"))
        return [each for each in settlement.children() if each.is_running() and each.status() != "zombie"]


@pytest.fixture(scope="module")
def office(stack: backends.Backend) -> Iterator[Office]:
    """Settlement alone, with a gateway."""
    sandbox = stack.sandbox(("intake", "settlement", "gateway"))
    nowhere = {"WUDAN_BANK_URL": "http://127.0.0.1:9/bank", "WUDAN_BANK_TOKEN": "none"}
    try:
        with (
            Running(sandbox, ("settlement",), {"settlement": nowhere}) as running,
            Gateway(sandbox) as gateway,
        ):
            yield Office(Town(running), gateway, gateway.officer(["finance_officer"], CITY))
    finally:
        sandbox.drop()


def population(people: int, seed: int = 5) -> bytes:
    file = io.StringIO()
    sample.write(file, people, seed)
    return file.getvalue().encode()


def test_an_uploaded_population_comes_out_as_plot_and_spreadsheet(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = population(3000)
    sent = office.upload(gzip.compress(content), "人群.csv.gz")
    assert sent.status_code == 201, sent.text
    begun = office.start(population_id=sent.json()["id"], growth_percent=100, name="=1+1 涨价")
    assert begun["status"] == "waiting"
    found = office.ended(begun["id"])
    assert (found["status"], found["rows"], found["read"]) == ("done", 3000, 3000), found["problems"]
    assert found["baseline"]["edition"] + "+scenario" == found["scenario"]["edition"]
    result = office.finance.get(f"/v1/estimates/{begun['id']}/result").json()
    assert result["difference_fen"] == found["scenario"]["total_fen"] - found["baseline"]["total_fen"] > 0
    # the same as reckoned here
    file = tmp_path_factory.mktemp("here") / "people.csv"
    file.write_bytes(content)
    here = Reckoning(rules_for("370000", demonstration=True)).read(file, NEXT).table()
    assert found["baseline"]["total_fen"] == here.total_fen
    files = {
        each: office.finance.get(f"/v1/estimates/{begun['id']}/files/{each}")
        for each in ("svg", "xlsx", "csv")
    }
    assert {each.status_code for each in files.values()} == {200}
    assert all("attachment" in each.headers["Content-Disposition"] for each in files.values())
    assert files["svg"].content.startswith(b"<?xml")
    assert "烟台" in files["svg"].text
    assert "<script" not in files["svg"].text
    rows = list(csv.DictReader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    assert sum(int(row["scenario_fen"]) for row in rows) == found["scenario"]["total_fen"]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert "'=1+1 涨价" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_kill_in_the_middle_of_reckoning_is_made_up_for(office: Office) -> None:
    sent = office.upload(gzip.compress(population(40_000)), "人群.csv.gz")
    id = office.start(population_id=sent.json()["id"])["id"]
    wait_for(lambda: office.get(id)["read"] > 0, 120, "some rows read")
    first = office.get(id)
    assert (first["status"], first["attempt"]) == ("running", 1)
    killed = [each for worker in office.workers() for each in (worker, *worker.children())]
    assert len(killed) >= 3
    for each in killed:
        each.kill()
    office.town.running.kill("settlement")
    found = office.ended(id)
    assert (found["status"], found["attempt"], found["rows"]) == ("done", 2, 40_000), found["problems"]
    again = office.ended(office.start(population_id=sent.json()["id"])["id"])
    assert (found["baseline"], found["scenario"]) == (again["baseline"], again["scenario"])
    wait_for(lambda: not office.workers(), 30, "no process left")


def test_calls_are_answered_while_it_reckons_and_cancelling_ends_it(office: Office) -> None:
    sent = office.upload(gzip.compress(population(100_000, 6)), "人群.csv.gz")
    id = office.start(population_id=sent.json()["id"])["id"]
    wait_for(lambda: office.workers(), 60, "reckoning")
    assert office.town.running.call("settlement.list_funds", {}, FINANCE, seconds=10)["items"] == []
    early = office.finance.get(f"/v1/estimates/{id}/result")
    assert (early.status_code, early.json()["code"]) == (409, "settlement.estimate_not_done")
    given_up = office.finance.post(f"/v1/estimates/{id}/cancellation", {"reason": "重新测算"})
    assert given_up.json()["status"] == "cancelled"
    wait_for(lambda: not office.workers(), 60, "the process ends by itself")
    assert office.get(id)["status"] == "cancelled"
    again = office.finance.post(f"/v1/estimates/{id}/cancellation", {"reason": "再次"})
    assert (again.status_code, again.json()["code"]) == (409, "settlement.estimate_closed")


def test_what_is_wrong_in_a_population_is_told_by_row_and_column(office: Office) -> None:
    lines = population(40).decode().splitlines()
    cells = lines[3].split(",")
    lines[3] = ",".join([*cells[:2], "370102", *cells[3:]])
    lines[7] = lines[7].replace("2026-", "2026-13-")
    sent = office.upload("\n".join(lines).encode())
    found = office.ended(office.start(population_id=sent.json()["id"])["id"])
    assert found["status"] == "failed"
    assert {(each["row"], each["column"]) for each in found["problems"]} >= {(7, "day")}


def test_a_scenario_that_does_not_hold_is_refused_at_once(office: Office) -> None:
    asked = {"name": "方案", "region": CITY, "year": NEXT}
    wrong = {
        "rule": "sd.yantai.project.welder.4",
        "valid_from": "2027-01-01",
        "values": {"per_person_fen": -1},
    }
    answer = office.finance.post("/v1/estimates", {**asked, "changes": [wrong]})
    assert (answer.status_code, answer.json()["code"]) == (422, "settlement.scenario_invalid")
    assert "values.per_person_fen" in answer.json()["message"]["zh"]
    county = office.finance.post("/v1/estimates", {**asked, "region": "370611"})
    assert county.json()["code"] == "settlement.estimate_region"
    elsewhere = office.finance.post("/v1/estimates", {**asked, "region": "370000"})
    assert elsewhere.status_code == 403


def test_other_regions_and_roles_see_nothing(office: Office) -> None:
    call = office.town.running.call
    sent = office.upload(population(30)).json()["id"]
    id = office.start(population_id=sent)["id"]
    jinan = officer("finance_officer", "j", "370100")
    asked = {"name": "方案", "region": "370100", "year": NEXT, "population_id": sent}
    for method, body in (("get_estimate", {"estimate_id": id}), ("start_estimate", asked)):
        with pytest.raises(Refusal) as refusal:
            call(f"settlement.{method}", body, jinan)
        assert refusal.value.code == "not_found"
    with pytest.raises(Refusal) as refusal:
        call("settlement.get_estimate", {"estimate_id": id}, officer("payment_officer"))
    assert refusal.value.code == "role.forbidden"
    assert call("settlement.list_estimates", {}, jinan)["items"] == []


def test_the_population_in_the_books_gives_what_its_claims_gave(office: Office) -> None:
    town = office.town
    by = town.provider()
    people = town.people(3)
    project, id = town.training(by, people)
    town.finish(project, id, people)
    town.employ(project, id, people)
    claim = town.call("submit_claim", by, kind="project_balance", project_id=project)
    living = town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)
    # one of two claims the own training, the body that of the other: nobody is there twice
    pair = town.people(2)
    about = finished(town, by, pair)
    own = town.call("submit_claim", worker(pair[0]), kind="person_training", **about)
    whole = town.call("submit_claim", by, kind="class_training", **about)
    assert (own["total_fen"], whole["total_fen"]) == (CLASS_FEN, CLASS_FEN)
    year = town.year
    found = office.ended(office.start(year=year, base_year=year, changes=[], name="核对")["id"])
    assert found["status"] == "done", found["problems"]
    assert found["rows"] == 8
    cells = office.finance.get(f"/v1/estimates/{found['id']}/result").json()["items"]
    kinds = {each["kind"]: each["baseline_fen"] for each in cells}
    # an uplift is owed besides, which nobody has claimed yet
    assert kinds.pop("employment_uplift", 0) + sum(kinds.values()) == found["baseline"]["total_fen"]
    assert kinds == {
        "project_balance": claim["total_fen"],
        "living_cost": living["total_fen"],
        "person_training": CLASS_FEN,
        "class_training": CLASS_FEN,
    }
    assert min(claim["total_fen"], living["total_fen"]) > 0
    assert found["scenario"] == found["baseline"]
