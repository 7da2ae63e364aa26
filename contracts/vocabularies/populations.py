"""Population files of estimates (资金测算): how large one may be, and what an estimate gives out."""

from collections.abc import Mapping
from typing import Final

from contracts.vocabularies.files import CSV, MEGABYTE, PART_BYTES, XLSX

LARGEST: Final = 50 * MEGABYTE
MOST_PARTS: Final = -(-LARGEST // PART_BYTES)
MOST_KEPT: Final = 20
MOST_CELLS: Final = 20_000
SVG: Final = "image/svg+xml"
# what comes out of an estimate: csv 明细, xlsx 表格, svg 图
OUTPUTS: Final[Mapping[str, str]] = {"csv": CSV, "xlsx": XLSX, "svg": SVG}
