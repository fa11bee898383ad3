"""A rehearsal calls only those whom a piece needs."""

from center.troupes.performances.rehearsing import Piece, in_order, laid, minutes_for, plan

A, B, C, D = 11, 12, 13, 14
DUET = Piece(1, 30, frozenset({A, B}))
SOLO = Piece(2, 20, frozenset({A}))
OTHER = Piece(3, 30, frozenset({C, D}))
ALL = Piece(4, 45, frozenset({A, B, C, D}))


def test_what_fits_into_no_rehearsal_is_named() -> None:
    found = plan([DUET, ALL], {7: 30})
    assert found.left_out == (ALL,)
    assert [slot.piece for slot in found.rehearsals[0].slots] == [DUET]


def test_without_rehearsals_everything_is_left_out() -> None:
    assert plan([DUET], {}).left_out == (DUET,)


def test_pieces_of_the_same_people_come_into_one_rehearsal() -> None:
    found = plan([DUET, OTHER, SOLO], {7: 60, 8: 60})
    assert found.calls_of(A) == {7: (0, 50)} or found.calls_of(A) == {8: (0, 50)}
    assert len(found.calls_of(C)) == 1
    assert found.calls_of(C).keys() != found.calls_of(A).keys()
    assert found.spared([A, B, C, D]) == 4


def test_nobody_waits_for_others_between_their_pieces() -> None:
    order = [slot.piece for slot in in_order([SOLO, OTHER, DUET])]
    assert order.index(SOLO) == order.index(DUET) + 1


def test_whoever_is_in_no_piece_is_not_called() -> None:
    assert plan([SOLO], {7: 60}).calls_of(B) == {}


def test_an_order_written_down_is_kept() -> None:
    assert laid([SOLO, ALL, DUET], 7, 120).called == {A: (0, 95), B: (20, 95), C: (20, 65), D: (20, 65)}


def test_a_piece_is_rehearsed_three_times_its_length() -> None:
    assert [minutes_for(each) for each in (30, 300, 430)] == [15, 15, 25]
