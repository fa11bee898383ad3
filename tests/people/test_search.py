"""The desk's one search box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.db import db
from center.people import names, search
from center.people.models import Person
from center.people.search_terms import LONGEST, Characters, Digits, Door, Letters, pieces
from tests.builders import make_account, make_building, make_person
from tests.engines import ONE_ENGINE
from tests.statements import selects

D = Door


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3-301", D("3", "", "301")),
        ("３－３０１", D("3", "", "301")),
        ("3 301", D("3", "", "301")),
        ("3 2 301", D("3", "2", "301")),
        ("3-2-301", D("3", "2", "301")),
        ("3栋301", D("3", "", "301")),
        ("3 栋 301 室", D("3", "", "301")),
        ("3栋2单元301", D("3", "2", "301")),
        ("3号楼2单元301室", D("3", "2", "301")),
        ("3栋2-301", D("3", "2", "301")),
        ("12栋1501", D("12", "", "1501")),
        ("3#301", D("3", "", "301")),
        ("3棟2單元301號", D("3", "2", "301")),
        ("03-301", D("3", "", "301")),
        ("a3-301", D("a3", "", "301")),
        ("3栋", D("3")),
        ("3-", D("3")),
        ("3-2", D("3", "", "2")),
        ("5678", Digits("5678")),
        ("678", Digits("678")),
        ("199 0000 5678", Digits("19900005678")),
        ("199-0000-5678", Digits("19900005678")),
        ("+86 19900005678", Digits("19900005678")),
        ("027-86880001", Digits("02786880001")),
        ("8688-0001", Digits("86880001")),
        ("李秀英", Characters("李秀英")),
        ("阿依 • 古丽", Characters("阿依·古丽")),
    ],
)
def test_one_thing_typed_is_understood(typed: str, meant: object) -> None:
    assert pieces(typed) == (meant,)


@pytest.mark.parametrize(
    ("typed", "letters", "initials"),
    [
        ("lxy", "lxy", "lxy"),
        ("LXY", "lxy", "lxy"),
        ("l x y", "lxy", "lxy"),
        ("lixiuying", "lixiuying", ""),
        ("li xiuying", "lixiuying", ""),
        ("Li Xiu Ying", "lixiuying", ""),
        ("lixiuy", "lixiuy", "lixiuy"),
        ("xian", "xian", "xian"),
        ("lü bu", "lvbu", ""),
        ("zoë smith", "zoesmith", ""),
    ],
)
def test_letters_may_be_initials_or_pinyin(typed: str, letters: str, initials: str) -> None:
    assert pieces(typed) == (Letters(letters, initials),)


def test_several_things_typed_are_all_meant() -> None:
    assert pieces("王 5678") == (Digits("5678"), Characters("王")) or pieces("王 5678") == (
        Characters("王"),
        Digits("5678"),
    )
    assert pieces("3-301 李") == (D("3", "", "301"), Characters("李"))
    assert pieces("3栋2单元301室李秀英") == (D("3", "2", "301"), Characters("李秀英"))


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "🎉", "·", "\x00", "<>", "---"])
def test_nothing_is_meant_by_odd_characters(typed: str) -> None:
    assert pieces(typed) == ()


@given(st.text(alphabet=st.sampled_from("3-栋单元楼号 lxyuangin李秀·%_\x000123456789🎉'\""), max_size=40))
def test_anything_typed_can_be_read(typed: str) -> None:
    for piece in pieces(typed):
        assert piece
        assert not isinstance(piece, Letters) or 1 <= len(piece.letters) <= LONGEST


def person(name: str, **facts: object) -> Person:
    key = names.sort_key(name)
    return make_person(name=name, sort_key=key, initials=names.initials_of_key(key), **facts)


def found(text: str) -> list[str]:
    return [each.name for each in search.find_people(text)]


ODD = ["%", "_", "🎉", "李" * 500, "x" * 500, "9" * 500, "3-301-" * 99, "\x00李", "\ud7ff", "\U0010ffff", "鿿", "'; --"]


@pytest.mark.parametrize("typed", ODD)
def test_odd_input_finds_nobody_and_breaks_nothing(app: object, typed: str) -> None:
    person("王芳", phone="19900001234")
    assert found(typed) == []
    assert LONGEST < 500


def test_people_are_found_by_door(app: object) -> None:
    three, thirty = make_building(code="3栋"), make_building(code="30栋")
    person("李秀英", building=three, unit="2", door="301")
    person("王芳", building=three, unit="1", door="301")
    person("张伟", building=three, unit="2", door="3012")
    person("赵敏", building=thirty, unit="2", door="301")
    assert found("3-2-301") == ["李秀英", "张伟"]
    assert found("3栋301") == ["李秀英", "王芳", "张伟"]
    assert found("3-301 王") == ["王芳"]
    assert found("30-301") == ["赵敏"]
    assert found("3-2") == ["李秀英", "张伟"]
    assert found("4-301") == []


def test_exact_doors_come_first_whatever_the_name(app: object) -> None:
    three = make_building(code="3栋")
    person("阿宝", building=three, unit="1", door="3010")
    person("周正", building=three, unit="1", door="301")
    assert found("3-301") == ["周正", "阿宝"]


@pytest.mark.parametrize("typed", ["5678", "678", "19900005678", "199 0000 5678", "00005678", "+8619900005678"])
def test_people_are_found_by_phone(app: object, typed: str) -> None:
    person("李秀英", phone="19900005678")
    person("王芳", phone="19900001234")
    person("无话", phone=None)
    assert found(typed) == ["李秀英"]


@pytest.mark.parametrize("typed", ["56", "8", "1"])
def test_two_digits_find_nobody(app: object, typed: str) -> None:
    person("李秀英", phone="19900005678")
    assert found(typed) == []


@pytest.mark.parametrize(
    "typed", ["lxy", "lx", "lixiuying", "li xiuying", "lixiuy", "LI XIU", "李秀英", "李", "秀英", "xiuying"]
)
def test_people_are_found_by_name(app: object, typed: str) -> None:
    person("李秀英")
    person("王芳")
    assert found(typed) == ["李秀英"]


def test_a_surname_with_its_own_reading_is_found_by_it(app: object) -> None:
    person("单秀英")
    assert found("sxy") == found("shan") == ["单秀英"]
    assert found("danxiuying") == []


def test_people_with_a_dot_or_letters_are_found_without_it(app: object) -> None:
    person("买买提·艾力")
    person("Zoë Smith")
    assert found("买买提艾力") == found("艾力") == ["买买提·艾力"]
    assert found("zoe") == found("Smith") == found("ZOË SMITH") == ["Zoë Smith"]


@pytest.mark.parametrize("typed", ["古丽娜", "aili", "尔", "娜·艾力"])
def test_names_of_many_syllables_are_found_by_any_part(app: object, typed: str) -> None:
    person("阿依古丽娜·艾力·巴特尔")
    assert found(typed) == ["阿依古丽娜·艾力·巴特尔"]


@pytest.mark.parametrize("typed", ["xian", "xi an", "xi'an"])
def test_pinyin_is_found_however_it_is_cut_into_syllables(app: object, typed: str) -> None:
    person("西安")
    assert "西安" in found(typed)


def test_whoever_is_called_exactly_that_comes_first(app: object) -> None:
    for name in ("安秀英", "李秀英子", "李秀英", "李秀", "秀英"):
        person(name)
    assert found("李秀") == ["李秀", "李秀英", "李秀英子"]
    assert found("秀英") == ["秀英", "安秀英", "李秀英", "李秀英子"]
    assert found("lx") == ["李秀", "李秀英", "李秀英子"]


@pytest.mark.parametrize("typed", ["王 秀英", "秀英 王", "wang 秀英", "王 xiuying", "王 wxy", "王秀英 wang"])
def test_parts_of_one_name_are_all_meant(app: object, typed: str) -> None:
    for name in ("王秀英", "李秀英", "王芳", "秀英"):
        person(name)
    assert found(typed) == ["王秀英"]


def test_nobody_who_is_gone_or_known_twice_is_found_among_many(app: object) -> None:
    """Those left out take nobody's place on the list."""
    for _ in range(25):
        person("李秀英", is_double=True)
    kept = person("李秀英", phone="19900005678")
    for typed in ("李", "秀英", "li", "lxy", "5678"):
        assert search.find_people(typed) == [kept]


def test_the_list_is_short_and_in_one_order(app: object) -> None:
    ids = [person("李秀英").id for _ in range(25)]
    assert [each.id for each in search.find_people("lxy")] == ids[:20]
    assert [each.id for each in search.find_people("李", limit=21)] == ids[:21]


def test_people_found_cost_two_queries_however_many(app: object) -> None:
    three = make_building(code="3栋")
    for n in range(10):
        make_account(person("李秀英", building=three, unit="1", door=f"{n}01"))
    db.session.rollback()
    db.session.expunge_all()
    with selects() as queries:
        shown = [(each.building, each.account) for each in search.find_people("lxy")]
    assert len(shown) == 10
    assert len(queries) <= 2


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("张桂芳", "張桂"),
        ("張桂芳", "张桂芳"),
        ("張桂芳", "桂芳"),
        ("查干·巴特爾", "巴特尔"),
        ("Jürg Müller", "muller"),
        ("Jürg Müller", "Müller"),
        ("Jurg Muller", "müller"),
    ],
)
@ONE_ENGINE
def test_accents_and_traditional_characters_hide_nobody(app: object, kept: str, typed: str) -> None:
    key = names.sort_key(kept)
    person = make_person(name=kept, sort_key=key, initials=names.initials_of_key(key))
    assert person in search.find_people(typed)
