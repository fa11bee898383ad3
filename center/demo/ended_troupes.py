"""A troupe of the demonstration that has ended: it can still be read of, and its organisation may take it back."""

from datetime import timedelta

from center.demo.scene import Scene
from center.people.models import Person
from center.people.names import sort_key
from center.troupes.models.troupes import Troupe, TroupeEnding, TroupeKind

ORGANISATION = "red-culture-troupe"
NAME, NAME_EN, SLUG = "夕阳红腰鼓队", "Sunset waist-drum team", "waist-drums"
REASON = "队员大多转到湖北大鼓队，不再单独活动。"


def end_a_troupe(scene: Scene) -> None:
    """It ended two months ago."""
    lead = scene.session.get_one(Person, scene.leads[ORGANISATION])
    ended_on = scene.today - timedelta(days=61)
    troupe = Troupe(
        organisation_id=scene.organisations[ORGANISATION], slug=SLUG, name=NAME, name_en=NAME_EN,
        sort_key=sort_key(NAME), kind=TroupeKind.DRUM, is_open_to_join=False,
        started_on=ended_on - timedelta(days=900), ended_on=ended_on,
    )  # fmt: skip
    scene.session.add(troupe)
    scene.session.flush()
    at = scene.at(ended_on, 10)
    scene.session.add(TroupeEnding(troupe_id=troupe.id, on_date=ended_on, reason=REASON, by_id=lead.id, at=at))
    scene.session.flush()
