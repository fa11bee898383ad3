"""How names are read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PHRASES_DICT

from center.people import names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("李秀英", "li xiu ying"),
        ("曾小贤", "zeng xiao xian"),
        ("单雄信", "shan xiong xin"),
        ("仇英", "qiu ying"),
        ("解缙", "xie jin"),
        ("查良镛", "zha liang yong"),
        ("任盈盈", "ren ying ying"),
        ("区志强", "ou zhi qiang"),
        ("盖聂", "ge nie"),
        ("翟天临", "zhai tian lin"),
        ("缪荃孙", "miao quan sun"),
        ("朴树", "piao shu"),
        ("覃辉", "qin hui"),
        ("车晓", "che xiao"),
        ("员半千", "yun ban qian"),
        ("尉迟恭", "yu chi gong"),
        ("尉健行", "wei jian xing"),
        ("欧阳娜娜", "ou yang na na"),
        ("长孙无忌", "zhang sun wu ji"),
        ("万俟卨", "mo qi xie"),
        ("吕布", "lv bu"),
        ("曾", "zeng"),
        ("张单", "zhang dan"),  # a surname's reading belongs to the surname only
        ("欧阳", "ou yang"),
        ("买买提·艾力", "mai mai ti ai li"),
        ("查干·巴特尔", "cha gan ba te er"),  # not the surname 查
        ("Zoë Smith", "zoe smith"),
        ("O'Brien", "o brien"),
        ("Müller", "muller"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("Lü Na", "lv na"),  # a syllable, as it is typed
        ("單雄信", "shan xiong xin"),
        ("尉遲恭", "yu chi gong"),
        ("李Anna", "li anna"),
        ("%_🎉", ""),
        ("", ""),
    ],
)
def test_a_name_is_sorted_by_how_it_is_read(name: str, key: str) -> None:
    assert names.sort_key(name) == key


@pytest.mark.parametrize(
    ("name", "letters"), [("李秀英", "lxy"), ("单秀英", "sxy"), ("尉迟恭", "ycg"), ("Zoë Smith", "zs"), ("🎉", "")]
)
def test_initials_are_the_first_letters_of_the_syllables(name: str, letters: str) -> None:
    assert names.initials(name) == letters


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  李  秀英 ", "李 秀英"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("Zoe\u0308", "Zoë"),
    ],
)
def test_a_name_is_kept_tidy(typed: str, kept: str) -> None:
    assert names.tidy_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("Shàn Xiùyīng", "shan xiuying"), ("LǙ bu", "lv bu"), (" lü  bu ", "lv bu"), ("%%", "")]
)
def test_a_sort_key_corrected_by_staff_is_kept_in_the_same_form(typed: str, kept: str) -> None:
    assert names.tidy_key(typed) == kept


@given(st.text(max_size=80))
def test_any_name_has_a_key_that_fits(name: str) -> None:
    key = names.sort_key(name)
    assert len(key) <= names.LONGEST_KEY
    assert len(names.initials_of_key(key)) <= names.LONGEST_INITIALS
    assert key == " ".join(key.split())


def test_thousands_of_names_are_read_in_no_time() -> None:
    names.sort_key("李")
    began = time.process_time()
    for n in range(5000):
        names.sort_key("曾秀英" + chr(0x4E00 + n))
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王秀英", "王*英"), ("李四", "李*"), ("欧阳子墨", "欧**墨"), ("Zoë Smith", "Z* S*"), ("Cher", "C*"), ("", "")],
)
def test_a_masked_name_tells_whoever_knows_it(name: str, shown: str) -> None:
    assert names.masked(name) == shown


def test_phrases_share_the_lists_of_their_syllables_and_are_read_as_before() -> None:
    names.dictionary()
    lists = {id(readings) for syllables in PHRASES_DICT.values() for readings in syllables}
    assert len(lists) == len({tuple(readings) for syllables in PHRASES_DICT.values() for readings in syllables}) < 2000
    assert [names.spelled(phrase) for phrase in ("慢慢", "音乐", "快乐", "重庆")] == [
        *(["man", "man"], ["yin", "yue"], ["kuai", "le"], ["chong", "qing"])
    ]
