"""Refusals of spreadsheets of demands: the file as a whole, and the form of a cell."""

from contracts.vocabularies.errors.text import ErrorText as E

_TEMPLATE = (
    "请下载最新模板，将内容复制进去后重新提交",
    "Download the template, copy the rows into it and send that",
)
_CELL = ("请更正该单元格", "Correct the cell")

ERRORS: dict[str, E] = {
    "gateway.sheet_template": E(
        422,
        "不是本导入所用的模板（文件标识：{found}；应为：{expected}）",
        "It is not a template of this import (the file says {found}; it should say {expected})",
        *_TEMPLATE,
    ),
    "gateway.sheet_strange_columns": E(
        422,
        "第 2 行有模板以外的列或重复的列：{columns}",
        "Row 2 has columns that the template has not, or has them twice: {columns}",
        *_TEMPLATE,
    ),
    "gateway.sheet_wide": E(
        422,
        "列数过多：最多 {columns} 列",
        "Too many columns: at most {columns}",
        *_TEMPLATE,
    ),
    "gateway.sheet_unpacked": E(
        422,
        "文件解压后过大（{what}），不予读取",
        "Unpacked, the file is too large ({what}); it is not read",
        "请只保留需要导入的行，另存为新文件",
        "Keep only the rows to be taken and save them as a new file",
    ),
    "gateway.sheet_merged": E(
        422,
        "有合并单元格：{areas}",
        "There are merged cells: {areas}",
        "请取消合并，每行单独填写",
        "Split them and fill in each row by itself",
    ),
    "gateway.sheet_encoding": E(
        422,
        "文字编码无法识别（第 {row} 行）",
        "The text's encoding is not known (line {row})",
        "请另存为“CSV UTF-8”或 xlsx；GBK 编码也可",
        "Save it as CSV UTF-8 or as xlsx; GBK is taken as well",
    ),
    "gateway.sheet_csv": E(
        422,
        "CSV 格式有误（第 {row} 行）",
        "The csv file is broken (line {row})",
        "请检查引号是否成对，或改用 xlsx",
        "Check that quotes come in pairs, or send xlsx",
    ),
    "gateway.sheet_formula": E(
        422,
        "第 {row} 行“{column}”是公式，不予计算",
        "Row {row}, {column}: a formula; formulas are not run",
        "请改填数值或文字（选择性粘贴为值）",
        "Fill in its value (paste special, values)",
    ),
    "gateway.sheet_long": E(
        422,
        "第 {row} 行“{column}”超过 {most} 字",
        "Row {row}, {column}: more than {most} characters",
        "请缩短",
        "Shorten it",
    ),
    "gateway.sheet_day": E(
        422,
        "第 {row} 行“{column}”不是日期",
        "Row {row}, {column}: not a day",
        "请按 2026-12-01 的格式填写",
        "Write it as 2026-12-01",
    ),
    "gateway.sheet_figure": E(
        422,
        "第 {row} 行“{column}”不是数字",
        "Row {row}, {column}: not a number",
        *_CELL,
    ),
    "gateway.sheet_word": E(
        422,
        "第 {row} 行“{column}”不在可选值之内",
        "Row {row}, {column}: not one of the words to choose from",
        "可选值见模板的“说明”页",
        "The template's second sheet lists them",
    ),
    "gateway.sheet_beyond": E(
        422,
        "第 {row} 行在第 {number} 列有表头以外的内容",
        "Row {row} has something in column {number}, beyond the heads",
        "请检查该行是否错列（例如内容中有逗号而未加引号）",
        "Check whether its cells are shifted, by a comma without quotes for instance",
    ),
}
