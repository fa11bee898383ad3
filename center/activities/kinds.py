"""The kinds of activities, as staff list them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from center.activities.models import ActivityKind
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person

USUAL = (
    ("讲座", "Talk"),
    ("课程", "Class"),
    ("电影", "Film"),
    ("外出", "Outing"),
    ("义诊", "Clinic"),
    ("议事", "Council"),
    ("演出", "Performance"),
    ("排练", "Rehearsal"),
    ("手工", "Craft"),
    ("亲子", "Families"),
    ("志愿服务", "Volunteer shift"),
)


def all_kinds(*, with_retired: bool = False) -> Sequence[ActivityKind]:
    """Every kind, in the order staff put them."""
    query = select(ActivityKind).order_by(ActivityKind.position, ActivityKind.id)
    return db.session.scalars(query if with_retired else query.where(ActivityKind.is_retired.is_(False))).all()


def get_kind(kind_id: int) -> ActivityKind:
    """The kind with this id; raises NotFound."""
    return must_find(db.session.get(ActivityKind, kind_id), _l("There is no such kind of activity."))


def enter_usual_kinds(*, by: Person | None = None) -> None:
    """Begin with the usual kinds, where there is none yet."""
    if db.session.scalar(select(func.count(ActivityKind.id))):
        return
    for position, (name, name_en) in enumerate(USUAL, start=1):
        db.session.add(ActivityKind(name=name, name_en=name_en, position=position))
    note(Act.ACTIVITY_KIND_CHANGED, by=by)


def add_kind(name: str, name_en: str, *, by: Person) -> ActivityKind:
    """One more kind, at the end; one that was retired comes back. Raises Conflict where it is listed already."""
    name = _name_of(name)
    known = db.session.scalar(select(ActivityKind).where(ActivityKind.name == name))
    if known is not None and not known.is_retired:
        raise Conflict(_l("There is a kind of this name already."), field="name")
    last = db.session.scalar(select(func.max(ActivityKind.position))) or 0
    kind = known or ActivityKind(name=name)
    kind.name_en, kind.position, kind.is_retired = name_en, last + 1, False
    db.session.add(kind)
    db.session.flush()
    note(Act.ACTIVITY_KIND_CHANGED, kind, by=by)
    return kind


def rename_kind(kind: ActivityKind, name: str, name_en: str, *, by: Person) -> None:
    """Call a kind something else, on every activity that is of it."""
    lock(kind)
    name = _name_of(name)
    other = db.session.scalar(select(ActivityKind.id).where(ActivityKind.name == name, ActivityKind.id != kind.id))
    if other is not None:
        raise Conflict(_l("There is a kind of this name already."), field="name")
    kind.name, kind.name_en = name, name_en
    db.session.flush()
    note(Act.ACTIVITY_KIND_CHANGED, kind, by=by)


def retire_kind(kind: ActivityKind, *, by: Person) -> None:
    """No new activity is of this kind; those that are stay so."""
    lock(kind)
    kind.is_retired = True
    db.session.flush()
    note(Act.ACTIVITY_KIND_CHANGED, kind, by=by)


def _name_of(name: str) -> str:
    if not name.strip():
        raise RuleBroken(_l("Please fill this in."), field="name")
    return name.strip()
