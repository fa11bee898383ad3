"""Phone numbers as people write them."""

import pytest

from center.kernel.errors import RuleBroken
from center.people import phones


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19900000001", "19900000001"),
        ("199-0000-0001", "19900000001"),
        ("199 0000 0001", "19900000001"),
        ("+86 199 0000 0001", "19900000001"),
        ("008619900000001", "19900000001"),
        ("8619900000001", "19900000001"),
        ("１９９００００００００１"[:11], "19900000000"),
        ("027-8765 4321", "02787654321"),
        ("(027)87654321", "02787654321"),
        ("+86 27 8765 4321", "02787654321"),
        ("+86 10 8765 4321", "01087654321"),
        ("0714-8765432", "07148765432"),
    ],
)
def test_a_number_is_kept_as_national_digits_however_it_is_written(typed: str, kept: str) -> None:
    assert phones.normalise(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "12345", "12900000001", "199000000012", "87654321", "027", "abc", "199\x0000000001", "☎19900000001",
     "19900000001'; --", "+1 202 555 0100", "٠١٢٣٤٥٦٧٨٩٠", "1" * 500],
)  # fmt: skip
def test_what_is_no_number_is_refused_on_its_field(typed: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        phones.normalise(typed)
    assert refusal.value.field == "phone"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("19900000001", "199****0001"), ("02787654321", "027****4321"), ("12345", "****"), ("", ""), (None, "")],
)
def test_a_mask_hides_the_middle(phone: str | None, shown: str) -> None:
    assert phones.mask(phone) == shown


def test_the_tail_is_the_last_four_digits() -> None:
    assert phones.tail("19900000001") == "0001"
    assert phones.tail(None) is None
