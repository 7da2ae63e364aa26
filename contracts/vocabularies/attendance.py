"""Words of attendance and supervision (签到与过程监督), with the Chinese words shown on pages."""

from typing import Final

MOST_AT_ONCE: Final = 64
"""How many sign-ins travel in one call."""
MOST_COUNTED: Final = 30_000_000
"""The highest number that is told of an anomaly; in metres more than half the way around the earth."""

SIGN_IN_WAYS: Final = {"phone": "手机签到", "offline": "离线签到", "card": "签到卡", "online": "线上学时"}
# refused answers that look like an attempt at fraud
SIGN_IN_RISKS: Final = {
    "forged": "签名不符",
    "wrong_code": "动态码不符",
    "replayed": "重放他人签到",
    "others_voucher": "冒用他人培训券",
    "too_far": "不在培训地点",
    "two_places": "同一时段两处签到",
}
ANOMALIES: Final = {
    "too_dense": "一分钟内签到过密",
    "class_absent": "全班缺席",
    "teacher_elsewhere": "教师（签到屏）不在培训地点",
    "teacher_missing": "抽查时教师不在场",
    "two_places": "同一时段两处签到",
    "refused_attempts": "可疑签到被拒",
    "roll_differs": "点名与签到不符",
    "missing_at_check": "签到后抽查不在场",
    "device_changed": "更换签到设备",
    "by_card": "签到卡过多",
}
PHOTO_TYPES: Final = {"image/jpeg": ".jpg", "image/png": ".png"}
PHOTO_BYTES: Final = 512 * 1024
"""A phone's picture scaled down to what a screen shows; one part of a message (docs/decisions/0011)."""
MOST_PHOTOS: Final = 20
