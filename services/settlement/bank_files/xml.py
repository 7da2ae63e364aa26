"""XML from outside, read with nothing but elements allowed: no DTD, no entities, no network, bounded."""

from typing import Any, Final

from lxml import etree

from services.settlement.bank_files.things import fail

LARGEST_BYTES: Final = 8_000_000
NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
Element = Any


def parse(content: bytes, message: str) -> Element:
    """Return the root of an ISO 20022 document of a message (`pain.002`), of any of its versions.

    Raises BankFileError: too large, not well-formed, with a document type, another message.
    """
    if len(content) > LARGEST_BYTES:
        fail(1, "-", "文件过大", "the file is too large")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        fail(problem.lineno or 1, "XML", "不是完整的 XML 文件", "not well-formed XML")
    except ValueError:
        fail(1, "XML", "不是完整的 XML 文件", "not well-formed XML")
    if root.getroottree().docinfo.doctype:
        fail(1, "DOCTYPE", "不接受含 DTD 的文件", "a document type is not allowed")
    name = etree.QName(root)
    if name.localname != "Document" or not str(name.namespace).startswith(f"{NAMESPACE}{message}."):
        fail(root.sourceline or 1, name.localname, f"不是 {message} 文件", f"not a {message} document")
    return root


def every(parent: Element, path: str) -> list[Element]:
    """Return all elements below a path of local names."""
    namespace = etree.QName(parent).namespace
    found: list[Element] = parent.findall("/".join(f"{{{namespace}}}{step}" for step in path.split("/")))
    return found


def maybe(parent: Element, path: str) -> Element | None:
    """Return the one element at a path, or None. Raises BankFileError when there are several."""
    found = every(parent, path)
    if len(found) > 1:
        fail(line_of(found[1]), path, "只能出现一次", "given more than once")
    return found[0] if found else None


def one(parent: Element, path: str) -> Element:
    """Return the one element at a path. Raises BankFileError when there is none or several."""
    found = maybe(parent, path)
    if found is None:
        above, _, _ = path.rpartition("/")
        near = every(parent, above) if above else []
        fail(line_of(near[0] if near else parent), path, "缺少该项", "missing")
    return found


def text(parent: Element, path: str) -> tuple[str, int]:
    """Return the text at a path and its line. Raises BankFileError when it is missing or empty."""
    element = one(parent, path)
    value = (element.text or "").strip()
    if not value or len(element):
        fail(line_of(element), path, "缺少该项", "missing")
    return value, line_of(element)


def maybe_text(parent: Element, path: str) -> tuple[str, int] | None:
    """Return the text at a path and its line, or None."""
    return None if maybe(parent, path) is None else text(parent, path)


def line_of(element: Element) -> int:
    """Return the line an element begins on."""
    return int(element.sourceline or 1)
