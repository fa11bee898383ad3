"""Who is told that a school ends otherwise on a day: the guardians of each child it touches, and whoever is on duty."""

from collections.abc import Sequence
from datetime import datetime, time

from center.afterschool.models.terms import School, SchoolChange
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.messages import on_duty
from center.afterschool.plans.rules import is_past_cut_off
from center.afterschool.school_days import news
from center.kernel.i18n import centre_zone, format_clock, format_day, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import say_desk
from center.people.acting import guardians_of
from center.people.masking import masked_name
from center.people.models import Person
from center.rooms.labels import WEEKDAYS


def tell_family(
    was: Expected, is_now: Expected, school: School, *, ends: time | None, reason: str, by: Person, now: datetime
) -> None:
    """Every guardian of a child hears when its school ends, and what that changes; who has no phone is rung."""
    child, on = is_now.child, is_now.day.on_date
    about = f"school_day:{child.id}:{on:%Y%m%d}"
    facts = {
        "school": lambda: in_language(school.name, school.name_en),
        "when": lambda: format_day(on, with_year=False),
        "what": lambda: f"{say_ends(ends)} ({reason})" if reason else say_ends(ends),
        "then": lambda: say_then(was, is_now, masked_name(child.name)),
        "how": lambda: _say_how(is_now, now),
        "desk": say_desk,
    }
    path = path_to("children.plan", person_id=child.id)
    for each in guardians_of(child, on=local_date(now)):
        key = f"{about}:{now.timestamp()}:{each.guardian_id}"
        outbox.tell(each.guardian, news.SCHOOL_DAY, key=key, facts=facts, path=path, about=about, by=by, now=now)


def tell_family_of_week(
    pairs: Sequence[tuple[Expected, Expected]],
    school: School,
    ends: Sequence[time | None],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Every guardian of a child hears once on which weekdays its school ends otherwise, and what that changes."""
    child, term_id = pairs[0][1].child, pairs[0][1].day.term_id
    about = f"school_week:{child.id}:{term_id}"
    facts = {
        "school": lambda: in_language(school.name, school.name_en),
        "what": lambda: "\n".join(_say_weekday(*pair, each) for pair, each in zip(pairs, ends, strict=True)),
        "desk": say_desk,
    }
    path = path_to("children.plan", person_id=child.id)
    for each in guardians_of(child, on=local_date(now)):
        key = f"{about}:{now.timestamp()}:{each.guardian_id}"
        outbox.tell(each.guardian, news.SCHOOL_WEEK, key=key, facts=facts, path=path, about=about, by=by, now=now)


def tell_duty(change: SchoolChange, *, by: Person, now: datetime) -> None:
    """Whoever is on duty today hears of it, and acknowledges it."""
    school, about = change.school, f"school_change:{change.id}"
    facts = {"school": lambda: in_language(school.name, school.name_en), "what": lambda: say_ends(change.finishes)}
    path = path_to("classroom.day", term=change.day.term_id)
    for reader in on_duty([change.day]):
        if reader.id != by.id:
            kind, key = news.DUTY_SCHOOL_DAY, f"{about}:{reader.id}"
            outbox.tell(reader, kind, key=key, facts=facts, path=path, about=about, by=by, now=now)


def say_ends(ends: time | None) -> str:
    """When a school ends, in a few words."""
    return _("no school") if ends is None else _("ends at %(time)s", time=format_clock(ends))


def say_then(was: Expected, is_now: Expected, name: str) -> str:
    """What that changes for a child."""
    if not is_now.comes or is_now.due_at is None:
        return _("%(name)s is not expected here that day.", name=name)
    due = format_clock(is_now.due_at)
    if not was.comes or was.due_at is None:
        said = _("%(name)s is expected here by %(time)s.", name=name, time=due)
    elif was.due_at == is_now.due_at:
        said = _("%(name)s is expected here by %(time)s, as before.", name=name, time=due)
    else:
        before = format_clock(was.due_at)
        said = _("%(name)s is expected here by %(time)s, not by %(before)s.", name=name, time=due, before=before)
    opens = is_now.day.term.opens
    if is_now.from_school_at and is_now.from_school_at.astimezone(centre_zone()).time() < opens:
        clock = format_clock(opens)
        said += " " + _("The programme opens at %(time)s: before that nobody is here for them.", time=clock)
    return said


def _say_weekday(was: Expected, is_now: Expected, ends: time | None) -> str:
    name = masked_name(is_now.child.name)
    facts = {"weekday": WEEKDAYS[is_now.day.counts_as], "what": say_ends(ends), "then": say_then(was, is_now, name)}
    return _("%(weekday)s: %(what)s. %(then)s") % facts


def _say_how(is_now: Expected, now: datetime) -> str:
    """How a guardian says that something else suits them: themselves until the cut-off, afterwards by phone."""
    day = is_now.day
    if is_past_cut_off(day.on_date, day.term.cut_off, now=now, zone=centre_zone()):
        return _("If something else suits you, please ring us now.")
    clock = format_clock(day.term.cut_off)
    return _(
        "If something else suits you, please say so on the page of the plan until %(time)s, or ring us.", time=clock
    )
