"""Files that belong to a claim: kinds, the media types each may have, and how large they may be."""

from collections.abc import Mapping
from typing import Final

MEGABYTE: Final = 1_000_000
PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
MP4: Final = "video/mp4"
QUICKTIME: Final = "video/quicktime"
WEBM: Final = "video/webm"

# the endings that a name of each type may have
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    CSV: (".csv",),
    MP4: (".mp4", ".m4v"),
    QUICKTIME: (".mov",),
    WEBM: (".webm",),
}
_PAPER: Final = frozenset({PDF, JPEG, PNG})
_VIDEO: Final = frozenset({MP4, QUICKTIME, WEBM})
# training_plan 培训计划, sign_in_sheet 签到表, video 视频, contract 合同, payroll 工资发放表,
# wage_roster 职工花名册, wage_statement 发放工资银行对账单 [600 §2], other 其他材料
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "training_plan": _PAPER | {DOCX},
    "sign_in_sheet": _PAPER | {XLSX},
    "video": _VIDEO,
    "contract": _PAPER | {DOCX},
    "payroll": _PAPER | {XLSX, CSV},
    "wage_roster": _PAPER | {XLSX, CSV},
    "wage_statement": _PAPER | {XLSX, CSV},
    "other": _PAPER | {DOCX, XLSX, CSV},
}
LARGEST: Final[Mapping[str, int]] = dict.fromkeys(KINDS, 20 * MEGABYTE) | {"video": 50 * MEGABYTE}
LARGEST_OF_ALL: Final = max(LARGEST.values())
MOST_FILES: Final = 50
# one message of the broker carries one part; in base64 it is a third longer
PART_BYTES: Final = 512 * 1024
MOST_PARTS: Final = -(-LARGEST_OF_ALL // PART_BYTES)
# not_scanned 未扫描 (no scanner is set), waiting 待扫描, clean 未发现威胁, infected 发现威胁
SCANS: Final = ("not_scanned", "waiting", "clean", "infected")


def parts_of(size: int) -> int:
    """Return how many parts a content of so many bytes has."""
    return -(-size // PART_BYTES)
