"""Why training vouchers are not used: a few causes to choose from, so that nobody writes about a person."""

from typing import Final

from contracts.vocabularies.terms import Term, Vocabulary

NON_USE: Final = Vocabulary(
    "causes of non-use",
    (
        Term("no_class", "没有合适的班次", "no class that fits", "platform"),
        Term("time", "时间不合适", "the hours do not fit", "platform"),
        Term("distance", "培训地点太远", "the place is too far", "platform"),
        Term("employed", "已经就业", "has found work", "platform"),
        Term("trained_elsewhere", "已在别处培训", "was trained elsewhere", "platform"),
        Term("family", "家庭原因", "family reasons", "platform"),
        Term("not_understood", "不清楚怎么用", "did not know how to use it", "platform"),
        Term("own_cost", "个人负担部分过高", "the own share is too high", "platform"),
        Term("no_longer_wanted", "不再需要培训", "wants no training any more", "platform"),
        Term("other", "其他", "another reason", "platform"),
    ),
)
