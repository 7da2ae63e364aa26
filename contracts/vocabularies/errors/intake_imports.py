"""Refusals of demands by spreadsheet."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "intake.import_stopped": E(
        409,
        "该文件导入到一半时已停止，其中 {done} 行已处理",
        "This file was stopped half-way; {done} of its rows had been dealt with",
        "请删去已导入的行后另存为新文件再提交",
        "Leave out the rows that were taken, save the rest as a new file, and send that",
    ),
    "intake.import_chunk": E(
        409,
        "第 {number} 批行数与登记的总行数 {rows} 不符",
        "Chunk {number} does not fit the {rows} rows that were announced",
        "请重新提交该文件",
        "Send the file again",
    ),
    "intake.import_row": E(
        500,
        "该行处理时出现内部错误",
        "This row met an internal error",
        "请单独提交该行；仍不成功请联系管理员",
        "Post this row by itself; if that fails as well, tell the administrator",
    ),
}
