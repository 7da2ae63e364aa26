"""The demonstration's client against a server that fails in every way that it has to outlast."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.demo.client import Client, GaveUp, Refused, until

Answer = tuple[int, dict[str, Any]] | None


class Server:
    """Gives the answers in turn, the last one for ever; None hangs up. keys: of the requests taken."""

    def __init__(self) -> None:
        self.keys: list[str | None] = []
        self.answers: list[Answer] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                outer.keys.append(self.headers["Idempotency-Key"])
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                if answer is None:
                    self.close_connection = True
                    return
                body = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port."""
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join(5)


def problem(code: str, field: str = "") -> dict[str, Any]:
    return {"code": code, "errors": [{"field": field}] if field else []}


def test_the_same_key_is_sent_until_there_is_an_answer(server: Server) -> None:
    server.answers = [None, (503, problem("unavailable")), (504, {}), (202, {}), (201, {"id": "a"})]
    assert Client(server.url, 20).post("/demands", {}) == {"id": "a"}
    assert len(server.keys) == 5
    assert len(set(server.keys)) == 1


def test_a_fact_still_on_its_way_is_waited_for(server: Server) -> None:
    server.answers = [(409, problem("acceptance.roster_differs")), (200, {"on_roster": 20})]
    answer = Client(server.url, 20).post("/roster", {}, lag=("acceptance.roster_differs",))
    assert answer == {"on_roster": 20}


@pytest.mark.parametrize("status", [400, 403, 409, 422, 500])
def test_a_refusal_is_told_at_once(server: Server, status: int) -> None:
    server.answers = [(status, problem("invalid", "person.id_number"))]
    refused = Client(server.url, 20).refusal("/demands")
    assert (refused.status, refused.code, refused.fields) == (status, "invalid", ["person.id_number"])
    assert len(server.keys) == 1


def test_what_had_to_be_refused_and_was_taken_is_an_error(server: Server) -> None:
    server.answers = [(201, {})]
    with pytest.raises(GaveUp):
        Client(server.url, 20).refusal("/demands")


def test_patience_ends(server: Server) -> None:
    server.answers = [(503, problem("unavailable"))]
    with pytest.raises(GaveUp, match="unavailable"):
        Client(server.url, 0.2).post("/demands")
    with pytest.raises(GaveUp, match="never"):
        until("never", lambda: False, bool, 0.05)


def test_who_is_signed_in_is_known(server: Server) -> None:
    server.answers = [(201, {"token": "t", "account": {"id": "acc-1"}})]
    client = Client(server.url, 5)
    assert client.signed_in("demo", "secret").account == "acc-1"
    server.answers = [(401, problem("gateway.credentials"))]
    with pytest.raises(Refused, match=r"gateway\.credentials"):
        client.signed_in("demo", "secret")
