"""A piece is short only where no way of putting people into parts fills it; stand-ins play only where they must."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from center.troupes.performances.readiness import Answer, Cast, Lack, Lineup, Readiness, Stands, readiness_of

ALTO, TENOR, DRUM = 1, 2, 3
A, B, C, D = 11, 12, 13, 14
YES, NO, UNSURE = Answer.COMING, Answer.NOT_COMING, Answer.UNSURE


def lineup(needs: dict[int | None, int], *cast: Cast) -> Lineup:
    return Lineup(1, needs, cast)


def test_a_part_that_nobody_fills_is_named_with_whoever_does_not_come() -> None:
    piece = lineup({DRUM: 2}, Cast(A, (DRUM,)), Cast(B, (DRUM,)))
    assert readiness_of(piece, {A: YES, B: NO}) == Readiness(1, Stands.SHORT, (Lack(DRUM, 1, (B,)),))


def test_whoever_left_the_troupe_is_missing_though_they_said_they_would_come() -> None:
    piece = lineup({DRUM: 1}, Cast(A, (DRUM,)))
    assert readiness_of(piece, {A: YES}, frozenset({A})).lacks == (Lack(DRUM, 1, (A,)),)


def test_a_part_for_which_nobody_is_down_is_short_of_nobody_in_particular() -> None:
    piece = lineup({ALTO: 1, DRUM: 1}, Cast(A, (ALTO,)))
    assert readiness_of(piece, {A: YES}).lacks == (Lack(DRUM, 1),)


def test_a_stand_in_fills_the_part_of_whoever_does_not_come() -> None:
    piece = lineup({DRUM: 1}, Cast(A, (DRUM,)), Cast(B, (DRUM,), is_stand_in=True))
    assert readiness_of(piece, {A: NO, B: YES}) == Readiness(1, Stands.READY, stand_ins=(B,))
    assert readiness_of(piece, {A: YES, B: YES}) == Readiness(1, Stands.READY)


def test_a_stand_in_of_another_part_does_not_help() -> None:
    piece = lineup({DRUM: 1}, Cast(A, (DRUM,)), Cast(B, (ALTO,), is_stand_in=True))
    assert readiness_of(piece, {A: NO, B: YES}).stands is Stands.SHORT


def test_people_are_moved_between_parts_where_that_fills_the_piece() -> None:
    """B takes either part, A alto alone: whoever is put first must not stand in the way."""
    piece = lineup({ALTO: 1, TENOR: 1}, Cast(A, (ALTO, TENOR)), Cast(B, (ALTO, TENOR)), Cast(C, (ALTO,)))
    assert readiness_of(piece, {A: YES, B: NO, C: YES}).stands is Stands.READY
    chain = lineup({ALTO: 1, TENOR: 1, DRUM: 1}, Cast(A, (ALTO, TENOR)), Cast(B, (TENOR, DRUM)), Cast(C, (ALTO, TENOR)))
    assert readiness_of(chain, {A: YES, B: YES, C: YES}).stands is Stands.READY


def test_it_waits_for_those_whose_answer_would_fill_it_and_for_nobody_else() -> None:
    piece = lineup({DRUM: 2}, Cast(A, (DRUM,)), Cast(B, (DRUM,)), Cast(C, (DRUM,), is_stand_in=True))
    assert readiness_of(piece, {A: YES, B: UNSURE}) == Readiness(1, Stands.WAITS, waits_for=(B,))
    assert readiness_of(piece, {A: YES}).waits_for == (B,), "who said nothing is waited for"
    assert readiness_of(piece, {A: YES, C: YES}) == Readiness(1, Stands.READY, stand_ins=(C,)), "a sure one first"


def test_two_may_be_short_and_each_part_says_so() -> None:
    piece = lineup({ALTO: 1, DRUM: 2}, Cast(A, (ALTO,)), Cast(B, (DRUM,)))
    assert readiness_of(piece, {A: NO, B: NO}).lacks == (Lack(ALTO, 1, (A,)), Lack(DRUM, 2, (B,)))


def test_a_piece_without_parts_needs_all_that_are_down_for_it() -> None:
    piece = lineup({}, Cast(A, ()), Cast(B, ()), Cast(C, (), is_stand_in=True))
    assert readiness_of(piece, {A: YES, B: NO}).waits_for == (C,)
    assert readiness_of(piece, {A: YES, B: NO, C: NO}).lacks == (Lack(None, 1, (B,)),)


def test_a_word_of_welcome_needs_nobody() -> None:
    assert readiness_of(lineup({}), {}).stands is Stands.READY


@given(st.data())
@settings(max_examples=150)
def test_it_is_short_only_where_no_way_of_putting_people_into_parts_fills_it(data: st.DataObject) -> None:
    needs: dict[int | None, int] = data.draw(st.dictionaries(st.integers(0, 3), st.integers(1, 2), min_size=1))
    parts = st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True)
    cast = [Cast(member, tuple(data.draw(parts))) for member in range(data.draw(st.integers(0, 5)))]
    ways = product(*((None, *each.parts) for each in cast))
    best = max(sum(min(way.count(part), heads) for part, heads in needs.items()) for way in ways)
    found = readiness_of(lineup(needs, *cast), {each.member_id: YES for each in cast})
    assert sum(each.heads for each in found.lacks) == sum(needs.values()) - best
