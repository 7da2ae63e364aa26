"""Contents of files, made up byte by byte: what is taken, and what only looks like it."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + bytes(40)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(40) + b"\xff\xd9"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(60)
MOV = b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(60)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
PROGRAM = b"MZ\x90\0" + bytes(200)
SCRIPT = b"#!/bin/sh\nrm -rf /\n"
CSV = "姓名,应发金额\n示例甲,3000.00\n".encode()
CSV_GBK = "姓名,应发金额\n示例甲,3000.00\n".encode("gb18030")


def zipped(*names: str) -> bytes:
    """Return a ZIP with these entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
DOCX_WITH_MACROS = zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
PLAIN_ZIP = zipped("a.txt", "../../b.txt")
