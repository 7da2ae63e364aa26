"""Demands by spreadsheet (批量导入): states, encodings, and how much one file and one message carry."""

from typing import Final

IMPORT: Final = {
    "receiving": "接收中",
    "posting": "入库中",
    "done": "已完成",
    "stopped": "已停止",
}
ENCODINGS: Final = {
    "xlsx": "xlsx 工作簿 / xlsx workbook",
    "utf-8": "UTF-8 编码 / UTF-8",
    "gb18030": "GBK（GB 18030）编码，已按此读取 / GBK (GB 18030), read as such",
}
MOST_ROWS: Final = 20_000
# what one message to intake carries: rows, and characters of their cells
CHUNK_ROWS: Final = 500
CHUNK_CHARACTERS: Final = 250_000
# with rows as long as they may be, each message carries few of them
MOST_CHUNKS: Final = 2_000
LONGEST_CELL: Final = 2_000
MOST_CELLS: Final = 60
