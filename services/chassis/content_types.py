"""What a content says it is. Office files are told apart by the directory of their ZIP, nothing else."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

import puremagic

from contracts.vocabularies import files

UNKNOWN: Final = "未能识别 / not recognised"
MACROS: Final = "含宏 / holds macros"
_OFFICE: Final[Mapping[str, str]] = {"word/document.xml": files.DOCX, "xl/workbook.xml": files.XLSX}
_MOST_ENTRIES: Final = 5000
_ZIP: Final = b"PK\x03\x04"
_MAGIC_NEEDS: Final = 4096


def type_of(content: bytes) -> str:
    """Return the media type of a content, or words for what cannot be one that is taken."""
    if content.startswith(_ZIP):
        return _office_type(content)
    try:
        found = puremagic.magic_string(content[:_MAGIC_NEEDS])
    except (puremagic.PureError, ValueError):
        return files.CSV if _is_text_table(content) else UNKNOWN
    best = found[0].mime_type or found[0].extension
    return str(best) or UNKNOWN


def _office_type(content: bytes) -> str:
    """Look into the directory of a ZIP; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return UNKNOWN
    if len(names) > _MOST_ENTRIES or "[Content_Types].xml" not in names:
        return "application/zip"
    if any(each.lower().rpartition("/")[2] == "vbaproject.bin" for each in names):
        return MACROS
    types = {_OFFICE[each] for each in names if each in _OFFICE}
    return types.pop() if len(types) == 1 else "application/zip"


def _is_text_table(content: bytes) -> bool:
    """Tell whether this is text of several columns, in UTF-8 or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        controls = any(ord(char) < 32 and char not in "\r\n\t" for char in text)
        return not controls and not text.lstrip().startswith("<") and any(mark in first for mark in ",;\t")
    return False
