"""Which days, which amounts, which receipts; what is missing; what files are called. Pure."""

from datetime import date
from typing import Any

import pytest

from center.incubator.evidence import rules
from center.incubator.evidence.rules import Lack, SessionFacts
from center.kernel.errors import RuleBroken

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(date(2026, 11, 2), date(2026, 11, 1), id="backwards"),
        pytest.param(date(2026, 12, 1), date(2026, 12, 2), id="still to come"),
        pytest.param(date(2025, 11, 1), date(2026, 11, 30), id="more than a year"),
    ],
)
def test_days_of_which_no_pack_is_made(first: date, last: date) -> None:
    with pytest.raises(RuleBroken):
        rules.check_days(first, last, today=TODAY)


def test_a_month_and_a_whole_year_are_fine() -> None:
    rules.check_days(date(2026, 11, 1), TODAY, today=TODAY)
    rules.check_days(date(2025, 12, 1), TODAY, today=TODAY)


@pytest.mark.parametrize("typed", ["", "x", "0", "-3", "1.234", "NaN", "Infinity", "1e3", "100000.01", "١٢x"])
def test_what_is_no_amount(typed: str) -> None:
    if typed == "1e3":
        assert rules.fen_of(typed) == 1000_00
        return
    with pytest.raises(RuleBroken):
        rules.fen_of(typed)


@pytest.mark.parametrize(
    ("typed", "fen"), [("12.5", 1250), ("￥1,280", 128000), ("３０元", 3000), ("0.01", 1), ("100000", 10_000_000)]
)
def test_amounts_as_people_write_them(typed: str, fen: int) -> None:
    assert rules.fen_of(typed) == fen


def test_amounts_are_said_with_two_digits() -> None:
    assert [rules.yuan(each) for each in (1, 1250, 128000)] == ["0.01", "12.50", "1280.00"]


@pytest.mark.parametrize("sent", [b"MZ\x90", b"<html>%PDF-1.4 %%EOF", b"%PDF-1.4 cut off", b"%PDF-" + b"x" * 6_000_000])
def test_what_is_no_pdf_whatever_its_name_says(sent: bytes) -> None:
    with pytest.raises(RuleBroken):
        rules.check_pdf(sent)


def test_everything_that_is_missing_is_said_in_order() -> None:
    there: dict[str, Any] = {
        "on": date(2026, 11, 3),
        "has_plan": True,
        "has_register": True,
        "pictures": 2,
        "has_feedback": True,
        "has_summary": True,
    }
    whole = SessionFacts(session_id=1, slug="a", called="一", title="甲", **there)
    lacking = {**there, **dict.fromkeys(set(there) - {"on"}, 0)}
    bare = SessionFacts(session_id=2, slug="b", called="二", title="乙", **lacking)
    again = SessionFacts(**{**there, "session_id": 3, "slug": "b", "called": "三", "title": "乙", "has_plan": 0})
    assert rules.what_is_missing([whole], spending=1, without_receipt=[], has_evaluation=True) == []
    found = rules.what_is_missing([whole, bare, again], spending=0, without_receipt=["纸"], has_evaluation=False)
    assert [(each.lack, each.of) for each in found] == [
        (Lack.PLAN, "乙"),
        (Lack.SUMMARY, "二"),
        (Lack.REGISTER, "二"),
        (Lack.PICTURES, "二"),
        (Lack.FEEDBACK, "二"),
        (Lack.SPENDING, ""),
        (Lack.RECEIPT, "纸"),
        (Lack.SELF_EVALUATION, ""),
    ]
    [nothing] = rules.what_is_missing([], spending=1, without_receipt=[], has_evaluation=True)
    assert nothing.lack is Lack.SESSIONS


def test_names_of_files_hold_nothing_that_a_system_refuses_and_are_each_different() -> None:
    assert rules.file_name("2026-11-03", '剪纸: "龙"/../x', suffix=".jpg") == "2026-11-03_剪纸-龙-..-x.jpg"
    assert len(rules.file_name("x" * 300, suffix=".pdf")) == 84
    assert rules.names_once(["a.html", "b.html", "A.html", "a.html"]) == ["a.html", "b.html", "A-2.html", "a-3.html"]
