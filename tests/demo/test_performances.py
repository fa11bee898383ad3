"""The demonstration's show next month: a public programme that lacks somebody, and one that is not set."""

from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db
from center.troupes.performances import queries
from center.troupes.performances.models import Performance, PerformanceState
from center.troupes.performances.programme_now import programme_now
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def test_a_public_programme_lacks_somebody_in_one_piece_and_another_waits_for_its_performers(demo: None) -> None:
    found = {each.state: each for each in db.session.scalars(select(Performance))}
    assert set(found) == {PerformanceState.PERFORMED, PerformanceState.PIECES_SET, PerformanceState.PUBLISHED}
    assert found[PerformanceState.PERFORMED].session.ends_at < clock.now()
    public = found[PerformanceState.PUBLISHED]
    assert public.session.starts_at > clock.now()
    standing = programme_now(public, queries.newest_of(public.id))
    assert standing.length.fits
    assert len(standing.short) == 1
    assert standing.short[0].piece is not None
