"""Handing in a sealed bid over the API: every part of its attachments, then the bid itself."""

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import requests
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from infra.sealing.errors import SealingError

_SECONDS = 30


class _TryAgain(Exception):
    """The platform did not answer, or asked to come again."""


def send(
    url: str, token: str, sourcing_id: str, parts: Iterable[Mapping[str, Any]], bid: Mapping[str, Any]
) -> dict[str, Any]:
    """Send parts and bid; return the platform's answer to the bid. What is repeated on the way counts once.

    Raises SealingError with the platform's own words when it refuses.
    """
    base = f"{url.rstrip('/')}/v1/sourcings/{sourcing_id}/bids"
    for part in parts:
        _post(f"{base}/parts", token, part)
    return _post(base, token, bid)


def _post(url: str, token: str, body: Mapping[str, Any]) -> dict[str, Any]:
    text = json.dumps(body)
    # a repetition is the same request; handing in anew (after a withdrawal, say) is another one
    key = uuid.uuid4().hex
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    try:
        answer = _asked(url, text, headers)
    except _TryAgain as problem:
        raise SealingError(f"the platform does not answer: {problem}") from problem
    if answer.status_code >= 400:
        problem_ = answer.json()
        words = "; ".join(str(problem_.get(name)) for name in ("code", "detail") if problem_.get(name))
        raise SealingError(f"refused: {words or answer.status_code}")
    told: dict[str, Any] = answer.json()
    return told


@retry(
    retry=retry_if_exception_type(_TryAgain),
    stop=stop_after_attempt(5),
    wait=wait_exponential(0.2, max=5),
    reraise=True,
)
def _asked(url: str, text: str, headers: Mapping[str, str]) -> requests.Response:
    try:
        answer = requests.post(url, data=text.encode(), headers=dict(headers), timeout=_SECONDS)
    except (requests.ConnectionError, requests.Timeout) as problem:
        raise _TryAgain(type(problem).__name__) from problem
    if answer.status_code in (429, 502, 503, 504):
        raise _TryAgain(f"status {answer.status_code}")
    return answer
