"""Refusals of the opening officers' keys and of sealed bids with their attachments."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "acceptance.key_known": E(
        409,
        "该公钥已登记过",
        "This public key is registered already",
        "请在本人设备上重新生成一对密钥",
        "Make a new key pair on your own device",
    ),
    "acceptance.key_unusable": E(
        422,
        "该公钥不能用于密封",
        "Nothing can be sealed for this public key",
        "请用随附的命令行工具重新生成密钥",
        "Make a new key pair with the client",
    ),
    "acceptance.key_proof": E(
        422,
        "验证内容不符：未能用私钥打开登记时给出的密封内容",
        "The proof is not what the challenge held",
        "请用该公钥对应的私钥打开登记时返回的 challenge 后重试",
        "Open the challenge of the registration with the private half of this key",
    ),
    "acceptance.no_opening_key": E(
        409,
        "该开标人在本地区没有已验证的开标密钥",
        "This officer has no confirmed opening key for the project's region",
        "请该开标人先登记并验证自己的密钥",
        "The officer has to register and confirm a key first",
    ),
    "acceptance.attachments": E(
        422,
        "附件最多 {most} 个，合计不超过 {together} 字节",
        "At most {most} attachments are taken, {together} bytes together",
        "请减少附件后重新密封",
        "Leave some out and seal the bid again",
    ),
    "acceptance.attachment_size": E(
        422,
        "附件为空或超过 {most} 字节",
        "The attachment is empty or larger than {most} bytes",
        "请压缩或拆分该附件",
        "Make it smaller, or cut it in two",
    ),
    "acceptance.attachment_missing": E(
        409,
        "附件的密封分片未收全，或与所报大小、SHA-256 不符",
        "The sealed parts of this attachment are not all here, or not what is told of them",
        "请用新的 upload_id 重新发送该附件的全部分片，再提交标书",
        "Send all its parts again under a new upload_id, then hand in the bid",
    ),
    "acceptance.uploads_open": E(
        409,
        "尚未提交的附件过多，最多 {most} 个",
        "{most} attachments are under way already",
        "请先提交标书；未提交的附件一小时后清除",
        "Hand in the bid; what belongs to none goes after an hour",
    ),
    "acceptance.attachment_unreadable": E(
        409,
        "该附件不能读取（{problem}）",
        "The attachment cannot be read ({problem})",
        "请查看该标书的附件说明",
        "See what the opened bid says of its attachments",
    ),
    "acceptance.keys_in_force": E(
        409,
        "本榜两把开标密钥均未停用，不能重新邀标",
        "Neither of this challenge's opening keys is retired",
        "密钥遗失时，请先由其持有人或监管人员停用该密钥",
        "When a key is lost, its officer or a supervisor retires it first",
    ),
    "acceptance.bids_read": E(
        409,
        "已有标书开启，不能重新邀标",
        "A bid has been opened already",
        "请终止本榜并说明原因，再重新发榜",
        "End this challenge with its reason, and publish another",
    ),
    "acceptance.reinvite_until": E(
        422,
        "新的应榜截止须晚于现在，且不早于原截止",
        "The new deadline must be after now and not before the old one",
        "请更正截止时间",
        "Correct the deadline",
    ),
}
