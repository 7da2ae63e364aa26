"""pain.001.001.09: the payment file, valid by its official schema before it goes anywhere."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lxml import etree

from contracts.vocabularies.dates import SHANGHAI
from services.settlement.bank_files.things import CURRENCY, NOT_GIVEN, Order, Orders, yuan

SPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
Element = Any


class NotValid(ValueError):
    """A file that we made does not fit the schema. Its text quotes nothing of the file."""


def write(orders: Orders, made_at: datetime) -> bytes:
    """Return the file. made_at: aware. Raises NotValid."""
    root = etree.Element(f"{{{SPACE}}}Document", nsmap={None: SPACE})
    body = _add(root, "CstmrCdtTrfInitn")
    header = _add(body, "GrpHdr")
    _add(header, "MsgId", orders.message_id)
    _add(header, "CreDtTm", made_at.astimezone(SHANGHAI).isoformat(timespec="seconds"))
    _sums(header, orders)
    _add(header, "InitgPty/Nm", orders.payer_name)
    part = _add(body, "PmtInf")
    _add(part, "PmtInfId", orders.message_id)
    _add(part, "PmtMtd", "TRF")
    # each payment is an entry of its own on the statement
    _add(part, "BtchBookg", "false")
    _sums(part, orders)
    _add(part, "ReqdExctnDt/Dt", orders.day.isoformat())
    _add(part, "Dbtr/Nm", orders.payer_name)
    payer = _add(part, "DbtrAcct")
    _add(payer, "Id/Othr/Id", orders.payer)
    _add(payer, "Ccy", CURRENCY)
    _add(part, "DbtrAgt/FinInstnId/Othr/Id", NOT_GIVEN)
    for order in orders.orders:
        _order(part, order, orders.purpose)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    validate(content)
    return content


def validate(content: bytes) -> None:
    """Check a file against the official schema. Raises NotValid with line and rule."""
    schema = _schema()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    if not schema.validate(etree.fromstring(content, parser)):
        error = schema.error_log[0]
        raise NotValid(f"line {error.line}: {error.type_name}")


def writable(text: str) -> bool:
    """Say whether XML can hold this text."""
    try:
        etree.Element("x").text = text
    except ValueError:
        return False
    return True


@cache
def _schema() -> etree.XMLSchema:
    place = files("sepaxml").joinpath("schemas/pain.001.001.09.xsd")
    return etree.XMLSchema(etree.fromstring(place.read_bytes()))


def _order(part: Element, order: Order, purpose: str) -> None:
    payment = _add(part, "CdtTrfTxInf")
    id = _add(payment, "PmtId")
    _add(id, "InstrId", order.instruction)
    _add(id, "EndToEndId", order.instruction)
    _add(payment, "Amt/InstdAmt", yuan(order.amount_fen)).set("Ccy", CURRENCY)
    _add(payment, "Cdtr/Nm", order.name)
    _add(payment, "CdtrAcct/Id/Othr/Id", order.account)
    _add(payment, "RmtInf/Ustrd", purpose)


def _sums(parent: Element, orders: Orders) -> None:
    _add(parent, "NbOfTxs", str(len(orders.orders)))
    _add(parent, "CtrlSum", yuan(orders.total_fen))


def _add(parent: Element, path: str, text: str | None = None) -> Element:
    for step in path.split("/"):
        parent = etree.SubElement(parent, f"{{{SPACE}}}{step}")
    parent.text = text
    return parent
