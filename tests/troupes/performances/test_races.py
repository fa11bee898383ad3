"""Two leaders cast the same people at once for shows at the same time, on each engine: one of them has each."""

from collections import Counter

from flask import Flask
from sqlalchemy import func, select

from center.kernel.db import db
from center.troupes.performances.models import Appearance
from tests import race
from tests.builders import at, make_person
from tests.troupes.builders import make_member, make_piece, make_troupe
from tests.troupes.performances import rivals
from tests.troupes.performances.builders import make_performance

PEOPLE = 4


def test_of_two_halls_that_cast_somebody_at_once_one_has_them(app: Flask) -> None:
    people = [make_person() for _each in range(PEOPLE)]
    runs = []
    for minute in (0, 30):
        troupe = make_troupe()
        performance = make_performance(troupe, pieces=[make_piece(troupe, heads={})], starts_at=at(15, minute, days=10))
        members = [make_member(troupe, each).id for each in people]
        runs.append((performance.id, members))
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    outcomes = race.run([(rivals.cast_at_once, (url, *each)) for each in runs])
    assert [Counter(of_one) for of_one in zip(*outcomes, strict=True)] == [{"cast": 1, "refused": 1}] * PEOPLE
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Appearance).where(Appearance.is_live)) == PEOPLE
