"""批量提单 through the gateway: the template, the upload, its progress, the rows given back; who may not."""

import csv
import io
from collections.abc import Iterator

import openpyxl
import pytest

from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code, wrong_citizen_id
from gateway.demand_sheets.columns import TEMPLATES
from tests.support import backends
from tests.support.gateway import Client, Gateway
from tests.support.services import Running, wait_for
from tests.support.standin import TOKEN, StandIn


@pytest.fixture(scope="module")
def gateway(stack: backends.Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    standin = StandIn(tmp_path_factory.mktemp("standin"))
    standin.start()
    sandbox = stack.sandbox(("intake", "gateway"))
    outside = {"WUDAN_REGISTRY_URL": f"{standin.url}/registry", "WUDAN_REGISTRY_TOKEN": TOKEN}
    try:
        with Running(sandbox, ("intake",), {"intake": outside}), Gateway(sandbox) as running:
            yield running
    finally:
        sandbox.drop()
        standin.kill()


@pytest.fixture(scope="module")
def agency(gateway: Gateway) -> Client:
    client = gateway.sign_up("agency")
    code = make_credit_code(4711)
    body = {"credit_code": code, "name": f"演示单位{code[-4:]}", "region": "370611", "kind": "agency"}
    assert client.post("/v1/bodies", body).status_code == 201
    wait_for(lambda: client.get("/v1/bodies/me").json()["status"] == "verified", 60, "the agency is verified")
    return client


def row(serial: int, **changes: str) -> list[str]:
    cells = {
        "person.id_number": make_citizen_id(serial=serial),
        "person.name": f"示例{serial}号",
        "person.phone": f"139{serial:08d}",
        "person.region": "福山区",
        "region": "福山区",
        "occupation": "6-18-02-04",
        "level": "四级",
        "wanted_from": "2026年12月1日",
        "mandate": "委托书 1 号",
        **changes,
    }
    return [cells.get(column.name, "") for column in TEMPLATES["worker"]]


def sheet(template: bytes, *rows: list[str]) -> bytes:
    """Return the csv template filled in, saved as spreadsheet programs here save it."""
    made = io.StringIO(newline="")
    csv.writer(made).writerows([*csv.reader(io.StringIO(template.decode("utf-8-sig"), newline="")), *rows])
    return made.getvalue().encode("gbk")


def upload(client: Client, content: bytes, name: str = "需求.csv") -> tuple[int, dict[str, object]]:
    answer = client.http.post(f"{client.base}/v1/demand-imports", files={"file": (name, content)}, timeout=60)
    return answer.status_code, answer.json()


def test_a_sheet_goes_in_and_what_is_wrong_comes_back_to_go_again(agency: Client) -> None:
    template = agency.get("/v1/demand-imports/template?kind=worker&format=csv")
    assert template.headers["Content-Type"].startswith("text/csv")
    bad = make_citizen_id(serial=3)
    rows = [row(1), row(2), row(3, **{"person.id_number": wrong_citizen_id(bad), "place": "=1+1"})]
    for each in rows:
        each[[column.name for column in TEMPLATES["worker"]].index("wanted_from")] = _soon(agency)
    content = sheet(template.content, *rows)
    status, sent = upload(agency, content)
    assert (status, sent["encoding"], sent["rows"]) == (202, "gb18030", 3)
    assert "GBK" in str(sent["remark"])

    def done() -> dict[str, object] | None:
        found = agency.get(f"/v1/demand-imports/{sent['id']}").json()
        return found if found["status"] == "done" else None

    assert [wait_for(done, 60)[each] for each in ("posted", "doubled", "wrong")] == [2, 0, 1]
    status, again = upload(agency, content)
    assert (status, again["id"], again["status"]) == (200, sent["id"], "done")
    (listed,) = agency.get("/v1/demand-imports").json()["items"]
    assert listed["id"] == sent["id"]
    assert len(agency.get("/v1/demands").json()["items"]) == 2

    back = agency.get(f"/v1/demand-imports/{sent['id']}/wrong-rows")
    given = openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0]
    heads = [cell.value for cell in given[2]]
    line = dict(zip(heads, list(given[3]), strict=False))
    place = next(cell for head, cell in line.items() if str(head).endswith(" place"))
    assert (place.value, place.data_type) == ("=1+1", "s")
    assert "公式" in str(line["错误 error"].value)
    place.value = "福山区实训基地"
    number = next(cell for head, cell in line.items() if str(head).endswith("id_number"))
    number.value = bad
    made = io.BytesIO()
    given.parent.save(made)
    status, second = upload(agency, made.getvalue(), "需求.xlsx")
    assert (status, second["encoding"]) == (202, "xlsx")
    assert second["id"] != sent["id"]
    wait_for(lambda: len(agency.get("/v1/demands").json()["items"]) == 3, 60, "the corrected row is posted")
    gone = agency.delete(f"/v1/demand-imports/{sent['id']}").json()
    assert (gone["status"], gone["wrong_until"]) == ("done", None)


def _soon(client: Client) -> str:
    """Return a day that a demand may want, as text with full-width digits."""
    today = client.get("/v1/demonstration/clock").json()["moment"][:10]
    year, month, _day = today.split("-")
    return f"{int(year) + 1}年{int(month)}月1日".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


def test_what_is_no_such_file_is_refused_with_where(agency: Client) -> None:
    status, problem = upload(agency, b"a,b\n1,2\n")
    assert (status, problem["code"]) == (422, "gateway.sheet_template")
    template = agency.get("/v1/demand-imports/template?kind=worker&format=xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(template))
    book.worksheets[0].append(row(5))
    book.worksheets[0].merge_cells("B3:C3")
    made = io.BytesIO()
    book.save(made)
    status, problem = upload(agency, made.getvalue())
    assert (status, problem["code"]) == (422, "gateway.sheet_merged")
    assert "B3:C3" in str(problem)


def test_others_may_not(gateway: Gateway, agency: Client) -> None:
    worker, other = gateway.sign_up("worker"), gateway.sign_up("agency")
    assert worker.get("/v1/demand-imports/template?kind=worker").status_code == 403
    content = sheet(agency.get("/v1/demand-imports/template?kind=worker&format=csv").content, row(7))
    assert upload(worker, content)[0] == 403
    assert upload(gateway.client(), content)[0] == 401
    assert upload(other, content)[1]["code"] == "intake.not_registered"
    known = agency.get("/v1/demand-imports").json()["items"][0]["id"]
    for path in ("", "/wrong-rows"):
        assert other.get(f"/v1/demand-imports/{known}{path}").status_code == 403
    assert other.delete(f"/v1/demand-imports/{known}").status_code == 403
