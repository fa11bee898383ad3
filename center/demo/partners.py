"""The demonstration's partners: 23 member units and 13 teams, when they served this year, and who came."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from center.demo.population import GROWN
from center.demo.scene import Scene
from center.incubator.models.partners import Partner, PartnerKind, ServiceDay, ServiceTurn
from center.people.names import sort_key

KINDS = {"units": PartnerKind.UNIT, "teams": PartnerKind.TEAM}
EVERY = 9  # days between one day of service and the next
DAYS = 30  # of service, over the last nine months
PLACES = ("中心一楼大厅", "3栋架空层", "12栋门口", "中心广场")


@cache
def plans() -> Mapping[str, Sequence[Sequence[str]]]:
    """The partners as they are written down: name, name in English, what they offer in both."""
    found: Mapping[str, Sequence[Sequence[str]]] = json.loads(
        Path(__file__).with_name("partners.json").read_text("utf-8")
    )
    return found


def show_partners(scene: Scene) -> None:
    """Enter them, with a day of service every nine days, in turn."""
    chance = random.Random(f"partners {scene.today}")  # noqa: S311
    made = [
        Partner(
            kind=KINDS[group], name=name, name_en=name_en, sort_key=sort_key(name), offers=offers, offers_en=english
        )
        for group, listed in plans().items()
        for name, name_en, offers, english in listed
    ]
    scene.session.add_all(made)
    scene.session.flush()
    grown = [each.id for each in scene.everybody if each.age >= GROWN]
    helpers = {partner.id: chance.sample(grown, 4) for partner in made}
    order = chance.sample(made, len(made))
    for n in range(DAYS):
        partner = order[n % len(order)]
        day = ServiceDay(
            partner_id=partner.id,
            on_date=scene.today - timedelta(days=3 + n * EVERY),
            what=partner.offers.split("、")[n % 2 if "、" in partner.offers else 0],
            place=PLACES[n % len(PLACES)],
            reached=chance.randint(8, 60),
            written_by_id=scene.cast["clerk"],
            written_at=scene.now - timedelta(days=2 + n * EVERY),
        )
        scene.session.add(day)
        scene.session.flush()
        came = helpers[partner.id][: chance.randint(1, 4)]
        turns = [ServiceTurn(day_id=day.id, person_id=each, minutes=chance.choice((60, 90, 120, 180))) for each in came]
        scene.session.add_all(turns)
    scene.session.flush()
