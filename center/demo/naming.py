"""Invented names: a common surname and a given name of the person's generation. Pure, given the source of chance."""

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解查"
)
WEIGHTS = [max(2, 60 - n) for n in range(len(SURNAMES))]
ELDER_WOMEN = ("秀桂玉淑凤兰素翠金月春腊", "英兰珍芳华云梅莲香娥枝芝")
ELDER_MEN = ("建国德福志永光家荣大长正", "国民华明发生贵山林祥清元")
GROWN_WOMEN = ("晓丽海红艳静小雪春敏文慧", "燕霞玲娟萍莉琴红敏芬梅华")
GROWN_MEN = ("志建伟海文晓国军学俊小立", "强军勇涛斌辉波峰鹏刚平东")
GIRLS = ("子梓欣雨诗思佳语一可若依", "涵萱怡彤琪妍悦桐诺琳晨瑶")
BOYS = ("子浩宇俊梓天嘉一明泽思博", "轩宇辰豪睿洋航泽然阳杰铭")


def surname(chance: random.Random) -> str:
    """A surname, the common ones more often."""
    return chance.choices(SURNAMES, WEIGHTS)[0]


def given_name(age: int, *, is_woman: bool, chance: random.Random) -> str:
    """A given name as the person's generation bears them; the young often have one character only."""
    if age >= 55:
        first, second = ELDER_WOMEN if is_woman else ELDER_MEN
    elif age >= 20:
        first, second = GROWN_WOMEN if is_woman else GROWN_MEN
    else:
        first, second = GIRLS if is_woman else BOYS
    if age < 55 and chance.random() < 0.2:
        return chance.choice(second)
    return chance.choice(first) + chance.choice(second)
