"""Refusals of workbooks that somebody sends."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "gateway.sheet_unreadable": E(
        422,
        "不是可读取的 xlsx 工作簿（{reason}）",
        "It is not a workbook (xlsx) that can be read ({reason})",
        "请用下载的模板填写后另存为 xlsx",
        "Fill in the template that you can download and save it as xlsx",
    ),
    "gateway.sheet_columns": E(
        422,
        "第一行缺少列：{missing}",
        "The first row lacks these columns: {missing}",
        "请保留模板的列名",
        "Keep the template's column names",
    ),
    "gateway.sheet_size": E(
        422,
        "工作簿过大：最多 {rows} 行、{bytes} 字节",
        "The workbook is too large: at most {rows} rows and {bytes} bytes",
        "请分多次提交",
        "Send it in several files",
    ),
    "gateway.sheet_number": E(
        422,
        "第 {row} 行“{column}”是数值且超过 15 位，表格软件已丢失其末位数字",
        "Row {row}, {column}: a numeric cell of more than 15 digits; the spreadsheet has lost its last ones",
        "请将该列设为文本格式后重新填写",
        "Give the column the text format and fill it in again",
    ),
}
