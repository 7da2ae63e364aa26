"""The bank outside: payments idempotent by their instruction id, their status, statements to the fen.

After OutsideUnavailable from `pay` the money may or may not have moved: ask `status`, or send the same
instruction again, which the bank books once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, cast, get_args

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.outside import Answered, OutsideSystem, Refused, WrongAnswer

Status = Literal["accepted", "paid", "returned", "unknown"]
Kind = Literal["payment", "return"]
PAYER: Final = "370600000001"


@dataclass(frozen=True)
class Payment:
    """How an instruction stands. reason: ISO 20022 code of a return; booked_on: day in Asia/Shanghai.

    unknown: the bank has never received it, so nothing was paid.
    """

    instruction_id: str
    status: Status
    amount_fen: int | None = None
    reason: str | None = None
    booked_on: date | None = None


@dataclass(frozen=True)
class Line:
    """A booking on the payer's account: a payment is negative fen, its return positive."""

    entry: str
    instruction_id: str
    kind: Kind
    amount_fen: int
    booked_on: date
    reason: str | None


@dataclass(frozen=True)
class Statement:
    """Bookings of the days from..to (both included) between two balances in fen that they explain exactly."""

    account: str
    opening_fen: int
    closing_fen: int
    lines: tuple[Line, ...]


class Bank:
    """Client of the bank; each method raises OutsideUnavailable when there is no usable answer."""

    def __init__(self, outside: OutsideSystem) -> None:
        self._outside = outside

    def pay(
        self,
        instruction_id: str,
        account: str,
        account_name: str,
        amount_fen: int,
        purpose: str,
        payer: str = PAYER,
    ) -> Answered[Payment] | Refused:
        """Send a payment instruction dated today (business time); the same one sent again is booked once.

        amount_fen: whole fen above 0; payer: the account that it is drawn on.
        Refused: `instruction_conflict` (this id was used with other content), `account_invalid`,
        `amount_invalid`, `payer_unknown`, `insufficient_funds`, `body_invalid`.
        """
        body = {
            "instruction_id": instruction_id,
            "payer": payer,
            "account": account,
            "account_name": account_name,
            "amount_fen": amount_fen,
            "purpose": purpose,
            "requested_on": today_in_shanghai(self._outside.now()).isoformat(),
        }

        def read(data: Mapping[str, Any]) -> Payment:
            payment = _payment(data, instruction_id)
            if payment.amount_fen != amount_fen or data["account"] != account:
                raise WrongAnswer("another payment")
            return payment

        return self._outside.ask("pay", "/payments", body, read)

    def status(self, instruction_id: str) -> Answered[Payment] | Refused:
        """Return how an instruction stands, `unknown` when the bank never received it."""

        def read(data: Mapping[str, Any]) -> Payment:
            return _payment(data, instruction_id)

        return self._outside.ask("status", "/payments/status", {"instruction_id": instruction_id}, read)

    def statement(self, account: str, from_day: date, to_day: date) -> Answered[Statement] | Refused:
        """Return the bookings of an account, both days included. Refused: `payer_unknown`, `body_invalid`."""

        def read(data: Mapping[str, Any]) -> Statement:
            lines = tuple(_line(row) for row in data["lines"])
            found = Statement(account, _fen(data, "opening_fen"), _fen(data, "closing_fen"), lines)
            if data["account"] != account or any(not from_day <= row.booked_on <= to_day for row in lines):
                raise WrongAnswer("another account or other days")
            if found.opening_fen + sum(row.amount_fen for row in lines) != found.closing_fen:
                raise WrongAnswer("the lines do not explain the balances")
            return found

        body = {"account": account, "from": from_day.isoformat(), "to": to_day.isoformat()}
        return self._outside.ask("statement", "/statements", body, read)


def _payment(data: Mapping[str, Any], instruction_id: str) -> Payment:
    if data["instruction_id"] != instruction_id or data["status"] not in get_args(Status):
        raise WrongAnswer("another instruction or an unknown status")
    if data["status"] == "unknown":
        return Payment(instruction_id, "unknown")
    booked_on = date.fromisoformat(data["booked_on"])
    reason = None if data["reason"] is None else str(data["reason"])
    return Payment(instruction_id, cast(Status, data["status"]), _fen(data, "amount_fen"), reason, booked_on)


def _line(row: Mapping[str, Any]) -> Line:
    kind = cast(Kind, row["kind"])
    amount = _fen(row, "amount_fen")
    if kind not in get_args(Kind) or (amount < 0) != (kind == "payment"):
        raise WrongAnswer("kind and sign differ")
    return Line(
        str(row["entry"]),
        str(row["instruction_id"]),
        kind,
        amount,
        date.fromisoformat(row["booked_on"]),
        None if row["reason"] is None else str(row["reason"]),
    )


def _fen(data: Mapping[str, Any], key: str) -> int:
    value = data[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongAnswer(key)
    return value
