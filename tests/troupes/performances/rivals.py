"""What the processes of a race for performers do."""

from typing import Any

from tests.race import PATIENCE
from tests.signups.rivals import _app as app_of


def cast_at_once(gate: Any, url: str, performance_id: int, member_ids: list[int]) -> list[str]:
    """Put each member into the first place, all at once with the other rivals; returns what came of each."""
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.troupes.models.troupes import TroupeMember
    from center.troupes.performances import casting, programme
    from center.troupes.performances.casting import Down, OnAnotherStage
    from center.troupes.performances.models import Performance

    outcomes = []
    with app_of(url):
        for member_id in member_ids:
            db.session.rollback()
            gate.wait(PATIENCE)
            try:
                with transaction():
                    performance = db.session.get_one(Performance, performance_id)
                    member = db.session.get_one(TroupeMember, member_id)
                    version = programme.open_programme(performance, by=member.person, now=clock.now())
                    item = programme.item_at(version, 1)
                    known = [Down(member=each.member) for each in item.performers]
                    casting.set_cast(performance, item, [*known, Down(member=member)])
                outcomes.append("cast")
            except OnAnotherStage:
                outcomes.append("refused")
    return outcomes
