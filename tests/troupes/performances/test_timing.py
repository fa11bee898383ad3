"""How long a programme lasts, and who has little time between two pieces."""

from center.troupes.performances.timing import Length, QuickChange, Turn, clock, length_of, quick_changes, starts_of

A, B = 11, 12


def test_a_piece_longer_than_the_show_does_not_fit() -> None:
    assert not length_of([Turn(1, 601)], slot=600).fits
    assert length_of([Turn(1, 600, change=300)], slot=600) == Length(600, 600), "after the last nothing is changed"


def test_changes_between_pieces_count() -> None:
    turns = [Turn(1, 200, change=90), Turn(2, 300, change=60), Turn(3, 100)]
    assert length_of(turns, slot=700) == Length(750, 700)
    assert length_of(turns, slot=700).left == -50
    assert starts_of(turns) == [0, 290, 650]


def test_nothing_lasts_nothing() -> None:
    assert length_of([], slot=600) == Length(0, 600)
    assert quick_changes([]) == []


def test_whoever_is_on_twice_running_is_said_with_the_time_between() -> None:
    turns = [Turn(1, 200, change=60, members={A, B}), Turn(2, 300, change=240, members={A}), Turn(3, 60, members={A})]
    assert quick_changes(turns) == [QuickChange(A, 1, 2, 60, True), QuickChange(A, 2, 3, 240, False)]


def test_a_short_piece_between_two_leaves_little_time_too() -> None:
    short = [Turn(1, 200, members={A}), Turn(2, 100, members={B}), Turn(3, 60, members={A})]
    assert quick_changes(short) == [QuickChange(A, 1, 3, 100, True)]
    long = [Turn(1, 200, members={A}), Turn(2, 180, members={B}), Turn(3, 60, members={A})]
    assert quick_changes(long) == []


def test_a_length_is_read_in_minutes_and_seconds() -> None:
    assert [clock(each) for each in (5, 65, 3600)] == ["0:05", "1:05", "60:00"]
