"""Refusals of settlement's dealings with the bank: batches, receipts, statements."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.bank_file_invalid": E(
        422,
        "银行文件第 {line} 行 {item}：{zh}",
        "Bank file, line {line}, {item}: {en}",
        "请更正文件或向银行索取正确的文件；未记入任何内容",
        "Correct the file or ask the bank for the right one; nothing was taken in",
    ),
    "settlement.bank_file_known": E(
        409,
        "银行文件第 {line} 行 {item}：该银行文件已导入过：{file_id}",
        "Bank file, line {line}, {item}: this bank file has been imported before: {file_id}",
        "无需重复导入；未记入任何内容",
        "There is no need to import it again; nothing was taken in",
    ),
    "settlement.bank_file_stranger": E(
        422,
        "银行文件第 {line} 行 {item}：不是本系统发出的 {id}",
        "Bank file, line {line}, {item}: {id} was never sent by this system",
        "请与银行核实该笔；未记入任何内容",
        "Settle it with the bank; nothing was taken in",
    ),
    "settlement.bank_file_contradicts": E(
        409,
        "银行文件第 {line} 行 {item}：与已记入的内容不符（{known}）",
        "Bank file, line {line}, {item}: differs from what is known ({known})",
        "请与银行核实该笔；未记入任何内容",
        "Settle it with the bank; nothing was taken in",
    ),
    "settlement.statement_account": E(
        422,
        "银行文件第 {line} 行 {item}：对账单的账号不是付款账户",
        "Bank file, line {line}, {item}: the statement is not of the payer's account",
        "请选择付款账户的对账单",
        "Choose the statement of the payer's account",
    ),
    "settlement.statement_overlaps": E(
        409,
        "银行文件第 {line} 行 {item}：对账单自 {first} 起，与已导入的（至 {known}）重叠",
        "Bank file, line {line}, {item}: the statement begins on {first} and overlaps the one up to {known}",
        "请导入自次日起的对账单",
        "Import the statement of the days after it",
    ),
    "settlement.statement_gap": E(
        409,
        "银行文件第 {line} 行 {item}：对账单自 {first} 起，与已读入的（至 {known}）之间缺少日期",
        "Bank file, line {line}, {item}: the statement begins on {first}; days after {known} are missing",
        "请先导入缺少日期的对账单",
        "Import the statement of the missing days first",
    ),
    "settlement.statement_ahead": E(
        422,
        "银行文件第 {line} 行 {item}：对账单截止 {last}，晚于今天 {today}",
        "Bank file, line {line}, {item}: the statement runs to {last}, later than today {today}",
        "请导入截止今天或以前的对账单",
        "Import a statement that ends today or earlier",
    ),
    "settlement.statement_opening": E(
        409,
        "银行文件第 {line} 行 {item}：期初余额 {opening_fen} 分与上期期末余额 {known_fen} 分不符",
        "Bank file, line {line}, {item}: opens with {opening_fen} fen, not {known_fen} as the last closed",
        "请与银行核对余额；未记入任何内容",
        "Settle the balance with the bank; nothing was taken in",
    ),
    "settlement.file_region": E(
        403,
        "文件第 {line} 行 {item}：您的管辖区域不包括 {region}",
        "Line {line} of the file, {item}: your region does not cover {region}",
        "请由该区域或其上级的工作人员导入；未记入任何内容",
        "Have an officer of that region or above it import it; nothing was taken in",
    ),
    "settlement.batch_without_payees": E(
        409,
        "该批次没有可以支付的收款人",
        "No payee of this batch can be paid",
        "请收款人先提供银行账号，再更正退回的付款",
        "Have the payees give a bank account, then correct what came back",
    ),
}
