"""Whom the grid worker of the demonstration told at their doors that something is on, and so sees whether they came."""

from datetime import timedelta

from sqlalchemy import select

from center.activities.models import Session
from center.demo.cast import PARTS
from center.demo.population import OLD
from center.demo.scene import Scene
from center.demo.source import centre
from center.notices import actions
from center.notices.models import Delivery, Notice, Way
from center.reminders.words import SESSION_TOMORROW
from center.signups import messages
from center.signups.attendee_lists.queries import coming_to

NEIGHBOURS = 3  # of whom one comes, one is on leave, and of one nobody knows yet
ROUND_AT = 17


def neighbours(scene: Scene) -> list[int]:
    """Some older people who live in the grid of the grid worker who signs in."""
    grid = next(part.grid for part in PARTS if part.key == "grid")
    buildings = {each["code"] for each in centre()["buildings"] if each["grid"] == grid}
    cast = set(scene.cast.values())
    old = [each.id for each in scene.everybody if each.building in buildings and each.age >= OLD]
    return [each for each in old if each not in cast][:NEIGHBOURS]


def tell_at_doors(scene: Scene, now_on: Session) -> None:
    """The grid worker went from door to door the afternoon before, and told those neighbours of what is on now."""
    near = set(neighbours(scene))
    theirs = [each for each in coming_to(now_on) if each.person_id in near]
    told_at = scene.at(scene.today - timedelta(days=1), ROUND_AT)
    known = set(scene.session.scalars(select(Notice.id)))
    messages.tell_of_session(theirs, SESSION_TOMORROW, now_on, now=told_at)
    visits = select(Delivery).where(Delivery.notice_id.not_in(known)).order_by(Delivery.id)
    for visit in scene.session.scalars(visits):
        visit.way = Way.VISIT
        actions.tick_off(visit, by=scene.person("grid"), now=told_at + timedelta(hours=1))
