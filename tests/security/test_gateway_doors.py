"""Who may pass which door of the API, and what hostile input does to it: every route, no exception."""

import socket

import pytest

from contracts.registry import SERVICES
from contracts.vocabularies import roles
from gateway.app import _blueprints, _routes, documented_app
from infra.local import Sandbox
from tests.support import backends
from tests.support.gateway import Gateway

ROUTES = [route for service in SERVICES for route in _routes(service)]
OPEN_OWN = {
    ("POST", "/v1/accounts"),
    ("POST", "/v1/tokens"),
    ("POST", "/v1/sessions"),
    ("GET", "/v1/demonstration/clock"),
    # what the class page shows as well
    ("GET", "/v1/classes/<class_id>/timetable.ics"),
    # what anyone checks a credential with
    ("GET", "/v1/issuer/did.json"),
    ("GET", "/v1/issuer/jwks.json"),
    ("GET", "/v1/issuer/status-lists/<list_id>"),
    ("GET", "/v1/issuer/token-status-lists/<list_id>"),
    # a published edition of a catalogue
    ("GET", "/v1/catalogue-editions/<edition_id>/file"),
    *(
        ("GET", f"/v1/map/{kind}{tail}")
        for kind in ("classes", "challenges", "projects")
        for tail in ("", "/<id>")
    ),
}
# Public without sign-in, each by intention.
OPEN_CALLS = {
    "catalogue.get_project",
    "catalogue.list_projects",
    # listed projects, what is planned and reached, and what was published into the pools
    "catalogue.project_card",
    "catalogue.list_programmes",
    "catalogue.list_county_projects",
    "catalogue.get_brand",
    "catalogue.get_base",
    "catalogue.get_teacher",
    "catalogue.get_material",
    "catalogue.get_case",
    "catalogue.list_brands",
    "catalogue.list_bases",
    "catalogue.list_teachers",
    "catalogue.list_materials",
    "catalogue.list_cases",
    "catalogue.list_uses",
    "catalogue.list_supports",
    "catalogue.suggest_brand_name",
    "catalogue.brand_coverage",
    "catalogue.get_need",
    "catalogue.list_needs",
    "catalogue.matching_board",
    # published editions; a draft is found by officers of its region alone
    "catalogue.get_edition",
    "catalogue.list_editions",
    "catalogue.edition_items",
    "catalogue.edition_changes",
    "acceptance.get_sourcing",
    "acceptance.list_sourcings",
    "acceptance.score_sheet",
    "acceptance.ocds_releases",
    "acceptance.ocds_record",
    "acceptance.get_class",
    "acceptance.list_classes",
    "acceptance.list_platforms",
    "acceptance.list_providers",
    "acceptance.get_provider",
    "acceptance.provider_grade",
    "acceptance.grading_formula",
    "selection.get_seating",
    # the published table of credits
    "selection.credit_table",
    "settlement.get_notice",
    "settlement.list_notices",
}
HOSTILE = (
    "<script>alert(1)</script>",
    "\u202e\u2066abc",
    "𠮷" * 200,
    "x" * 10_000,
    "'; db.accounts.drop(); //",
    "\x00",
    "../../etc/passwd",
    "%{}${7*7}{{7*7}}",
)


@pytest.fixture(scope="module")
def gateway(stack: backends.Backend):
    with stack.sandbox(("gateway",)) as sandbox, Gateway(sandbox) as gateway:
        assert isinstance(sandbox, Sandbox)
        yield gateway


@pytest.fixture(scope="module")
def people(gateway):
    """One client for each role, and one for nobody."""
    officers = roles.OFFICERS - {roles.ADMINISTRATOR}
    return {
        None: gateway.client(),
        **{role: gateway.sign_up(role) for role in roles.SELF_REGISTERED},
        **{role: gateway.officer([role], "370000") for role in officers},
        roles.ADMINISTRATOR: gateway.administrator(),
    }


def address(route):
    return "/v1" + "/".join("sample-1" if part.startswith("<") else part for part in route.rule.split("/"))


def name_of(route):
    return f"{route.method} {route.rule}"


def ask(client, route, body=None):
    options = {"json": body} if route.method != "GET" and body is not None else {}
    return client.http.request(route.method, client.base + address(route), timeout=30, **options)


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_only_the_roles_of_a_call_pass_its_door(people, route):
    open_door = not route.call.roles
    assert open_door == (route.call.name in OPEN_CALLS)
    for role, client in people.items():
        if open_door or role in route.call.roles:
            continue
        answer = ask(client, route, {})
        assert answer.status_code == (401 if role is None else 403), (role, answer.text)
        assert answer.json()["code"] == ("gateway.unauthenticated" if role is None else "role.forbidden")


def test_every_other_address_asks_for_a_sign_in(gateway):
    known = {(route.method, "/v1" + route.rule) for route in ROUTES} | OPEN_OWN
    app = documented_app()
    pages = {"/v1/openapi.json", "/v1/docs", "/v1/docs/<name>", "/v1/problems/<code>"}
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if (method, rule.rule) in known or not rule.rule.startswith("/v1/") or rule.rule in pages:
                continue
            answer = gateway.client().http.request(method, gateway.base + rule.rule, json={}, timeout=30)
            assert answer.status_code == 401, rule.rule
    assert list(_blueprints())


@pytest.mark.parametrize("route", [route for route in ROUTES if route.changes], ids=name_of)
def test_hostile_bodies_are_refused_before_anything_is_called(people, route):
    client = people[min(route.call.roles)]
    names = list(route.call.request().fields)
    for nasty in HOSTILE:
        answer = ask(client, route, {**dict.fromkeys(names, nasty), nasty[:50]: nasty})
        assert answer.status_code in (403, 404, 422), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
    for raw, kind, status in (
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"{", "application/json", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
    ):
        headers = {"Content-Type": kind}
        where = client.base + address(route)
        answer = client.http.request(route.method, where, data=raw, headers=headers, timeout=30)
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.changes], ids=name_of)
def test_hostile_queries_are_refused(people, route):
    client = people[min(route.call.roles)] if route.call.roles else people[None]
    for nasty in HOSTILE:
        answer = client.get(address(route), params={"made_up": nasty[:200], "limit": nasty[:200]})
        assert answer.status_code in (404, 422), answer.text


def test_ten_megabytes_are_413(people):
    for method in ("with a length", "in chunks"):
        body = b"x" * 10_000_000 if method == "with a length" else (b"x" * 100_000 for _ in range(12))
        answer = people[None].http.post(
            people[None].base + "/v1/tokens",
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        assert answer.status_code == 413, method


def test_a_text_of_a_stranger_is_shown_as_text(people):
    page = people[None].get(
        "/", params={"region": "<script>alert(1)</script>"}, headers={"Accept": "text/html"}
    )
    assert page.status_code == 404
    assert "<script>" not in page.text
    page = people[None].get("/sign-in", params={"next": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_headers_that_a_page_needs_are_on_every_answer(people):
    for path in ("/", "/v1/map/classes", "/v1/nowhere", "/sign-in", "/static/style.css", "/v1/docs"):
        answer = people[None].get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["X-Frame-Options"] == "DENY"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "http" not in policy
    assert "https://" not in people[None].get("/v1/docs").text


def test_files_outside_are_not_served(people):
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/v1/docs/package.json",
        "/v1/docs/..%2fpackage.json",
    ):
        assert people[None].get(path).status_code == 404


def test_metrics_are_not_on_the_public_address(gateway, people):
    assert people[None].get("/metrics").status_code == 404
    inside = people[None].http.get(f"{gateway.metrics_base}/metrics", timeout=10)
    assert "wudan_http_requests_total" in inside.text


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /v1/map/classes?region=%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"FOO / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET " + b"/" * 9000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused(gateway, raw):
    host, port = gateway.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(raw)
        status = connection.recv(200).split(b" ", 2)[1]
    assert status.startswith(b"4"), status
