"""The bank outside: payment files idempotent by their message id, receipts, statements.

After OutsideUnavailable from `send_file` the money may or may not have moved: ask `receipt`, or send the same
file again, of which the bank books each instruction once. What stands in a file is read by the caller's own
reader, whose ValueError says that the answer does not fit.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from services.chassis.outside import Answered, OutsideSystem, Refused, WrongAnswer

T = TypeVar("T")
Read = Callable[[bytes], T]
PAYER: Final = "370600000001"


class Bank:
    """Client of the bank; each method raises OutsideUnavailable when there is no usable answer."""

    def __init__(self, outside: OutsideSystem) -> None:
        self._outside = outside

    def send_file(
        self, message_id: str, format: str, content: bytes, read: Read[T]
    ) -> Answered[T | None] | Refused:
        """Send a payment file and return its first receipt; the same one sent again is booked once.

        format: `pain.001` or `csv`; read: reads the receipt (pain.002).
        Refused: `message_conflict` (this message id was used with other content), `file_invalid`,
        `payer_unknown`, `insufficient_funds`, `body_invalid`.
        """
        body = {"message_id": message_id, "format": format, "content": base64.b64encode(content).decode()}
        return self._outside.ask("send_file", "/files", body, lambda data: _receipt(data, message_id, read))

    def receipt(self, message_id: str, read: Read[T]) -> Answered[T | None] | Refused:
        """Return how the instructions of a file stand, None when the bank has never received it."""
        body = {"message_id": message_id}
        return self._outside.ask(
            "receipt", "/files/status", body, lambda data: _receipt(data, message_id, read)
        )

    def statement_page(
        self, account: str, first: date, last: date, page: int, read: Read[T]
    ) -> Answered[T] | Refused:
        """Return one page, from 1, of the bookings of an account, both days included (camt.053).

        Refused: `payer_unknown`, `body_invalid`.
        """
        body = {"account": account, "from": first.isoformat(), "to": last.isoformat(), "page": page}

        def statement(data: Mapping[str, Any]) -> T:
            if data["account"] != account:
                raise WrongAnswer("another account")
            return read(_bytes(data["content"]))

        return self._outside.ask("statement", "/statements/file", body, statement)


def _receipt(data: Mapping[str, Any], message_id: str, read: Read[T]) -> T | None:
    if data["message_id"] != message_id:
        raise WrongAnswer("another file")
    return None if data["receipt"] is None else read(_bytes(data["receipt"]))


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as problem:
        raise WrongAnswer("not base64") from problem
