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
}
