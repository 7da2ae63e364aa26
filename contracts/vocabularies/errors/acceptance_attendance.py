"""Refusals of sign-in and supervision."""

from typing import Final

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: Final[dict[str, E]] = {
    "acceptance.session_closed": E(
        409,
        "该次课尚未开启签到",
        "Sign-in to that session has not been opened",
        "请培训机构先在签到屏上开启",
        "The provider opens it on its screen first",
    ),
    "acceptance.device_missing": E(
        409,
        "该培训券没有绑定签到设备",
        "No device is bound to the voucher",
        "请先在“我的培训券”中绑定设备；没有手机的，请用签到卡",
        "Bind a device to the voucher, or use a code card",
    ),
    "acceptance.signature": E(
        403,
        "签名与绑定的设备不符",
        "The signature is not that of the bound device",
        "请用绑定的设备签到；换了设备的，请先更换绑定",
        "Sign in with the bound device; after a change of device bind the new one",
    ),
    "acceptance.code": E(
        409,
        "动态码不是该次课的，或已失效",
        "The code is not that of the session, or no longer",
        "请重新扫描签到屏上的动态码",
        "Scan the code on the screen again",
    ),
    "acceptance.guessed": E(
        409,
        "该次课已输错 {most} 次动态码，不再受理扫码签到",
        "{most} wrong codes have been sent for the session; it takes no more answers of yours",
        "请教师点名或用签到卡",
        "Ask the teacher for the roll or a code card",
    ),
    "acceptance.replayed": E(
        403,
        "这是他人的签到",
        "This is somebody else's sign-in",
        "请用本人的设备和培训券签到",
        "Sign in with your own device and voucher",
    ),
    "acceptance.too_late": E(
        409,
        "离线签到超过 {hours} 小时",
        "The answer was signed more than {hours} hours ago",
        "请教师或监管人员处理",
        "Ask the teacher or the supervisor",
    ),
    "acceptance.signed_ahead": E(
        409,
        "设备时间晚于现在",
        "The device's clock is ahead of time",
        "请校准设备时间后重新签到",
        "Set the device's clock and sign in again",
    ),
    "acceptance.card": E(
        404,
        "签到卡不属于本班，或已作废",
        "The card is none of this class, or no longer",
        "请核对卡号，或重新制卡",
        "Check the code, or issue another card",
    ),
    "acceptance.same_hand": E(
        403,
        "须由另一人办理",
        "Another hand has to do this",
        "请由另一账号或监管人员确认",
        "Let another account or the supervisor decide",
    ),
    "acceptance.supervisor_only": E(
        403,
        "只有监管人员可以更改已认定的考勤",
        "Only the supervisor changes an attendance that has been decided",
        "请向监管人员说明情况",
        "Tell the supervisor",
    ),
    "acceptance.decided_so": E(
        409,
        "该考勤已是此状态",
        "The attendance stands so already",
        "无需再次办理",
        "There is nothing to do",
    ),
    "acceptance.session_ahead": E(
        409,
        "该次课 {starts} 才开始",
        "The session begins at {starts}",
        "请在上课后办理",
        "Do it after it has begun",
    ),
    "acceptance.roll_note": E(
        422,
        "更改点名须说明理由",
        "A changed roll needs a reason",
        "请填写说明",
        "Give a note",
    ),
    "acceptance.not_there": E(
        403,
        "您没有参加该班培训",
        "You did not take part in this class",
        "只有参加过的学员可以评价",
        "Only learners who were there give feedback",
    ),
    "acceptance.feedback_given": E(
        409,
        "您已评价过该班",
        "You have given your feedback on this class",
        "每人每班评价一次",
        "Each learner gives it once",
    ),
    "acceptance.photo": E(
        422,
        "照片须为 JPEG 或 PNG",
        "A photo is a JPEG or PNG",
        "请转换后上传",
        "Convert it and send it again",
    ),
    "acceptance.photo_size": E(
        422,
        "照片须为 1 至 {most} 字节，每次抽查不超过 {photos} 张",
        "A photo has 1 to {most} bytes, a check at most {photos} photos",
        "请缩小照片后上传",
        "Scale the photo down",
    ),
}
