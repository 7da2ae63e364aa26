"""Refusals of settlement about the files of a claim."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.files_closed": E(
        409,
        "申请当前状态（{status}）不接收材料",
        "In this status ({status}) a claim takes no files",
        "材料在受理前或退回补正后添加",
        "Add files before the acceptance, or when it has been sent back",
    ),
    "settlement.file_type": E(
        415,
        "{kind} 不接收此类文件，识别为：{found}",
        "A file of kind {kind} cannot be of this type; its content is: {found}",
        "可用类型：{allowed}；不含宏",
        "Allowed: {allowed}; no macros",
    ),
    "settlement.file_name": E(
        422,
        "文件名与内容不符或含不允许的字符：内容为 {found}",
        "The name does not fit the content, or holds characters that are not allowed; the content is {found}",
        "请使用与内容一致的扩展名，文件名不含路径和控制字符",
        "Use the ending of the content's type, and a plain name without a path",
    ),
    "settlement.file_too_large": E(
        413,
        "文件过大：该类材料不超过 {limit} 字节",
        "Too large: at most {limit} bytes for this kind",
        "请压缩或拆分后再上传",
        "Compress it, or split it",
    ),
    "settlement.file_empty": E(
        422,
        "文件没有内容",
        "The file is empty",
        "请选择有内容的文件",
        "Choose a file with content",
    ),
    "settlement.file_incomplete": E(
        409,
        "上传的内容不完整或与摘要不符",
        "What arrived is incomplete or differs from its hash",
        "请重新上传",
        "Send it again",
    ),
    "settlement.file_known": E(
        409,
        "该申请已有相同内容的材料：{file_id}",
        "This claim has a file with the same content already: {file_id}",
        "无需重复上传",
        "There is no need to send it again",
    ),
    "settlement.too_many_files": E(
        409,
        "一份申请最多 {most} 个材料",
        "A claim has at most {most} files",
        "请合并材料",
        "Combine them",
    ),
    "settlement.evidence_edited": E(
        409,
        "材料内容与提交时的摘要不符，已标记：{file_id}",
        "The evidence was edited: its hash differs from the one kept. It has been marked: {file_id}",
        "请勿采用；由监管人员查明，必要时退回申请人重新提交",
        "Do not rely on it; have it looked into, and ask the claimant for it again",
    ),
    "settlement.file_infected": E(
        409,
        "扫描发现威胁，不提供下载：{found}",
        "The scanner found a threat, so it is not handed out: {found}",
        "请由申请人提交干净的文件",
        "Ask the claimant for a clean file",
    ),
}
