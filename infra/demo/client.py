"""A client of a JSON API that sends the same request with the same key again while something is down."""

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import requests

T = TypeVar("T")
R = TypeVar("R")
# not there yet, too often, out of reach: the API asks to come again with the same Idempotency-Key
COME_AGAIN: Final = frozenset({202, 429, 502, 503, 504})
HANDS: Final = 6
RATE_LIMIT_SECONDS: Final = 180.0
_LOST: Final = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class Refused(Exception):
    """The API said no. code: of the problem; fields: those that it names."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        words = problem.get("message")
        said = f"{words.get('zh')} / {words.get('en')}" if isinstance(words, dict) else str(problem)[:300]
        super().__init__(f"{method} {path}: {status} {problem.get('code', '')}: {said}")
        self.status = status
        self.code = str(problem.get("code", ""))
        self.fields = [str(each.get("field")) for each in problem.get("errors", [])]


class GaveUp(Exception):
    """What was waited for did not come before the deadline."""


class Client:
    """Speaks for one account (or for nobody). For one thread at a time.

    base: address with the prefix of the API; patience: seconds until a call, retried, is given up.
    """

    def __init__(self, base: str, patience: float, token: str | None = None) -> None:
        self.base = base.rstrip("/")
        self.patience = patience
        self.account = ""
        self._http = requests.Session()
        self._http.trust_env = False
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"

    def signed_in(self, username: str, password: str) -> "Client":
        """Return a client with a token of its own for the account."""
        given = self.post("/tokens", {"username": username, "password": password})
        other = Client(self.base, self.patience, given["token"])
        other.account = given["account"]["id"]
        return other

    def once_more(self) -> "Client":
        """Return another client of the same account, for another thread."""
        other = Client(self.base, self.patience)
        other.account = self.account
        other._http.headers.update(self._http.headers)
        return other

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Read. Raises Refused, GaveUp."""
        return self._ask("GET", path, {"params": query}, ())

    def post(
        self, path: str, body: Any = None, lag: Collection[str] = (), key: str | None = None
    ) -> dict[str, Any]:
        """Send a command under one Idempotency-Key until it is answered. Raises Refused, GaveUp.

        lag: codes that only say that a fact has not arrived there yet; the command is then sent again.
        """
        options = {"json": body or {}, "headers": {"Idempotency-Key": key or uuid.uuid4().hex}}
        return self._ask("POST", path, options, lag)

    def refusal(self, path: str, body: Any = None) -> Refused:
        """Send a command that has to be refused, and return the refusal. Raises GaveUp when it is not."""
        try:
            self.post(path, body)
        except Refused as refused:
            return refused
        raise GaveUp(f"POST {path} was taken, though it had to be refused")

    def refused_read(self, path: str) -> Refused:
        """Read what may not be read, and return the refusal. Raises GaveUp when it is shown."""
        try:
            self.get(path)
        except Refused as refused:
            return refused
        raise GaveUp(f"GET {path} was answered, though it had to be refused")

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, page by page."""
        page = self.get(path, limit=100, **query)
        yield from page["items"]
        while page["next"]:
            page = self.get(path, limit=100, cursor=page["next"], **query)
            yield from page["items"]

    def page(self, address: str) -> str:
        """Read a page for people, at the gateway's own address. Raises Refused, GaveUp."""
        return self._answered("GET", address, {"headers": {"Accept": "text/html"}}, ()).text

    def until(
        self, what: str, path: str, true: Callable[[dict[str, Any]], bool], **query: Any
    ) -> dict[str, Any]:
        """Read until the answer is as wanted, and return it. Raises GaveUp with what was last read."""
        return until(what, lambda: self.get(path, **query), true, self.patience)

    def _ask(self, method: str, path: str, options: dict[str, Any], lag: Collection[str]) -> dict[str, Any]:
        answer = self._answered(method, self.base + path, options, lag)
        return dict(answer.json()) if answer.content else {}

    def _answered(
        self, method: str, address: str, options: dict[str, Any], lag: Collection[str]
    ) -> requests.Response:
        end = time.monotonic() + self.patience
        longest = end + RATE_LIMIT_SECONDS
        pause = 0.05
        while True:
            try:
                answer = self._http.request(method, address, timeout=(5, 30), **options)
            except _LOST as lost:
                last, wait = type(lost).__name__, pause
            else:
                if answer.ok and answer.status_code != 202:
                    return answer
                refused = Refused(method, address, answer.status_code, _problem(answer))
                if answer.status_code not in COME_AGAIN and refused.code not in lag:
                    raise refused
                last, wait = str(refused), max(pause, _seconds(answer))
                # to be told to come later is no failure to answer
                end = min(end + _seconds(answer), longest)
            if time.monotonic() + wait > end:
                raise GaveUp(f"{method} {address}: no answer within {self.patience:.0f} s; last: {last}")
            time.sleep(wait)
            pause = min(1.0, pause * 1.5)


def until(
    what: str, read: Callable[[], T], true: Callable[[T], bool], patience: float, longest: float = 0.5
) -> T:
    """Read until the result is as wanted, and return it; longest: the pause between two readings in seconds.

    Raises GaveUp with what was last read.
    """
    end = time.monotonic() + patience
    pause = 0.03
    while not true(found := read()):
        if time.monotonic() > end:
            raise GaveUp(f"{what}: not within {patience:.0f} s; last: {str(found)[:1500]}")
        time.sleep(pause)
        pause = min(longest, pause * 1.3)
    return found


def at_once(work: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """Do the work for each thing, several at a time, and return the results in order."""
    with ThreadPoolExecutor(HANDS, "demo") as hands:
        return list(hands.map(work, things))


def _problem(answer: requests.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {"message": {"zh": "-", "en": answer.text[:200]}}
    return problem if isinstance(problem, dict) else {}


def _seconds(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    # a service that is starting again is back sooner than the whole second that 503 asks for
    return float(text) if text.isdigit() and answer.status_code == 429 else 0.0
