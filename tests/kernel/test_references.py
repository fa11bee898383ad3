"""Numbers that people read out, type and scan."""

import pytest

from center.kernel.texts import read_reference


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("K7QM-2F9D", "K7QM-2F9D"),
        ("k7qm2f9d", "K7QM-2F9D"),
        (" k7qm 2f9d ", "K7QM-2F9D"),
        ("Ｋ７ＱＭ－２Ｆ９Ｄ", "K7QM-2F9D"),
        ("https://centre.example/sign-ups/K7QM-2F9D?new=1", "K7QM-2F9D"),
        ("https://centre.example/bookings/K7QM-2F9D/", "K7QM-2F9D"),
        ("K7QM-2F9", ""),
        ("K7QM-2F9D8", ""),
        ("K0QM-2F9I", ""),
        ("5678", ""),
        ("李秀英", ""),
        ("", ""),
        ("K7QM-2F9D" * 1000, ""),
    ],
)
def test_a_reference_is_read_however_it_is_typed_or_scanned(typed: str, read: str) -> None:
    assert read_reference(typed) == read
