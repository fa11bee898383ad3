"""What is scanned or typed at check-in: first what is nothing of ours."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.attendance.codes import CARD_LENGTH, CARD_LETTERS, CardCode, SignUpReference, Unknown, in_groups, read_code
from center.kernel.texts import new_reference
from tests.attendance.code_cases import CARD, CARDS, HOSTS, MISREAD, SLIP, SLIPS, UNKNOWN


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_no_code_of_ours_is_unknown(text: str) -> None:
    assert read_code(text, hosts=HOSTS) == Unknown()


@given(st.text(max_size=400))
def test_nothing_that_is_read_is_an_error(text: str) -> None:
    assert isinstance(read_code(text, hosts=HOSTS), CardCode | SignUpReference | Unknown)


def test_a_text_made_to_take_long_is_read_at_once() -> None:
    begun = time.process_time()
    for text in ("https://a/" + "a/" * 120, "https://a/" + "-" * 240, "-" * 256, "/" * 10_000_000):
        read_code(text, hosts=HOSTS)
    assert time.process_time() - begun < 5, "what grows with the square of a text takes minutes"


def test_an_address_is_of_this_site_only_where_its_host_is_named() -> None:
    assert read_code(f"https://center.example.cn/sign-ups/{SLIP}") == Unknown()


@pytest.mark.parametrize("text", CARDS.values(), ids=CARDS.keys())
def test_a_card_is_read_however_it_is_scanned_or_typed(text: str) -> None:
    assert read_code(text, hosts=HOSTS) == CardCode(CARD)


@pytest.mark.parametrize(("typed", "code"), MISREAD.items())
def test_digits_that_no_card_has_are_the_letters_they_look_like(typed: str, code: str) -> None:
    assert read_code(typed) == CardCode(code)


@pytest.mark.parametrize("text", SLIPS.values(), ids=SLIPS.keys())
def test_the_number_of_a_sign_up_is_read_however_it_is_scanned_or_typed(text: str) -> None:
    assert read_code(text, hosts=HOSTS) == SignUpReference(SLIP)


@given(st.text(alphabet=CARD_LETTERS, min_size=CARD_LENGTH, max_size=CARD_LENGTH))
def test_every_card_is_read_from_its_square_and_from_what_is_printed_beneath(code: str) -> None:
    assert read_code(f"QH1:{code}") == read_code(in_groups(code).lower()) == CardCode(code)


def test_every_number_the_house_gives_is_read() -> None:
    for _turn in range(50):
        reference = new_reference()
        assert read_code(reference.lower()) == SignUpReference(reference)


def test_a_card_does_not_say_its_secret_where_it_is_logged() -> None:
    assert CARD not in repr(read_code(CARD))
