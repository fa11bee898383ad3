"""What a password may be, and that checking one costs the same whoever is asked for."""

import time

import pytest

from center.kernel.errors import RuleBroken
from center.people import passwords

GOOD = "green tea by the lotus pond"


@pytest.mark.parametrize("password", ["", "short", "1234567", "七个字的密码啊"])
def test_fewer_than_eight_characters_are_refused(password: str) -> None:
    with pytest.raises(RuleBroken, match="8") as refusal:
        passwords.check(password)
    assert refusal.value.field == "password"


def test_more_than_128_characters_are_refused() -> None:
    passwords.check("xy7 " * 31 + "zéro")
    with pytest.raises(RuleBroken, match="128"):
        passwords.check("xy7 " * 32 + "z")


@pytest.mark.parametrize(
    "password",
    ["password", "PASSWORD", "12345678", "87654321", "woaini1314", "WoAiNi1314", "5201314520", "qwe123456", "11111111",
     "abcabcabc", "qwertyuiop", "1qaz2wsx3edc", "iloveyou", "１２３４５６７８", "aa123456",
     "wuhan123456", "我爱你我爱你我爱你"],
)  # fmt: skip
def test_passwords_that_everybody_tries_first_are_refused(password: str) -> None:
    with pytest.raises(RuleBroken):
        passwords.check(password)


@pytest.mark.parametrize(
    "password", [GOOD, "tavo-niku-dire-posa", "correct horse battery", "家门口的石榴树开花了", "k7#mZ!q2"]
)
def test_ordinary_good_ones_pass_without_rules_of_composition(password: str) -> None:
    passwords.check(password, own_words=("甄秀英", "zhen xiu ying", "19900000001", None, ""))


@pytest.mark.parametrize(
    "password", ["19900000001", "19900000001a", "zhenxiuying", "zhenxiuying88", "我叫甄秀英甄秀英1", "甄秀英12345"]
)
def test_ones_made_of_the_persons_own_name_or_phone_are_refused(password: str) -> None:
    with pytest.raises(RuleBroken, match="own name or phone"):
        passwords.check(password, own_words=("甄秀英", "zhenxiuying", "19900000001"))


def test_the_right_password_is_right_and_others_are_not() -> None:
    hashed = passwords.hash_password(GOOD)
    assert hashed.startswith("$argon2id$")
    assert passwords.is_right(hashed, GOOD)
    assert not passwords.is_right(hashed, GOOD.upper())
    assert not passwords.is_right(None, GOOD)
    assert not passwords.is_right("no hash at all", GOOD)
    assert not passwords.is_outdated(hashed)


def test_the_same_characters_typed_on_another_keyboard_are_the_same_password() -> None:
    assert passwords.is_right(passwords.hash_password("cafe\u0301 au lait"), "caf\u00e9 au lait")


def test_an_unknown_login_costs_as_much_as_a_wrong_password() -> None:
    hashed = passwords.hash_password(GOOD)
    passwords.is_right(None, "warm up")

    def cost(password_hash: str | None) -> float:
        began = time.process_time()
        for _ in range(5):
            passwords.is_right(password_hash, "wrong")
        return time.process_time() - began

    assert cost(None) > cost(hashed) / 4


def test_the_list_holds_thousands_all_long_enough_to_matter() -> None:
    lines = [line for line in passwords.COMMON_LIST.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 5000
    assert len(set(lines)) == len(lines)
    assert all(line == line.casefold() for line in lines)
