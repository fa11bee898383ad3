"""The demonstration's troupes."""

from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.troupes import queries
from center.troupes.models.troupes import Handover, MemberState, Office, TroupeMember
from center.troupes.repertoire.queries import files_of, knowing_counts, pieces_of
from center.troupes.seasons.queries import roster_of, seasons_on
from tests.engines import ONE_ENGINE


@ONE_ENGINE
def test_every_troupe_is_led_has_members_in_every_state_and_a_season_that_runs(demo: None) -> None:
    today = local_date(clock.now())
    troupes = queries.live_troupes()
    assert len(troupes) >= 5
    for troupe in troupes:
        assert queries.offices_on(troupe.id, today)[0].office is Office.LEADER
        states = select(TroupeMember.state).where(TroupeMember.troupe_id == troupe.id)
        assert set(db.session.scalars(states)) == set(MemberState)
        season = seasons_on(troupe.id, today)[0]
        assert season.starts_on <= today
        assert roster_of(season.id)
        assert knowing_counts([each.id for each in pieces_of(troupe.id)])
    drums = queries.get_troupe("hubei-drums")
    assert any(files_of(piece.id) for piece in pieces_of(drums.id))
    assert db.session.scalars(select(Handover)).all()
