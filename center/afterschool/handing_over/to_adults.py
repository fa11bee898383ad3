"""A child goes home with an adult. The adult is checked, and the child: the right adult of the wrong child is told no.

An adult on the list shows the code of the day, or a second member of staff knows them. Of an adult who is on no list a
guardian is rung. Whoever is barred gets no child by any code; of whom an alert warns the director decides first.
"""

from dataclasses import dataclass, replace
from typing import Any

from center.afterschool.collectors import bars, listing
from center.afterschool.collectors.listing import ON_THE_LIST, Adult, ListState
from center.afterschool.custody import ledger, messages
from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.handing_over import decisions
from center.afterschool.handing_over.answers import Answer
from center.afterschool.handing_over.saying import (
    Saying,
    Verdict,
    bars_of,
    expected_of,
    flag_of,
    hold,
    is_denied,
    is_new,
    raise_alarm,
    refused,
    said_before,
    said_of,
    written,
)
from center.afterschool.models.custody import GONE, CheckedBy, Custody, Flag, Holder
from center.afterschool.models.plans import Bar, BarLevel, Collector, Way
from center.afterschool.plans import codes
from center.afterschool.plans.codes import CodeAnswer
from center.afterschool.policy import is_on_duty
from center.afterschool.rights import on_call
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.acting import guardians_of
from center.people.models import Person

_WORTH_NOTHING = {
    CodeAnswer.NONE: _l("No code was made for this child today. Let a second member of staff look."),
    CodeAnswer.USED: _l("The code of today has been used. Let a second member of staff look."),
}


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Who wants to take a child, and how it was made sure who they are."""

    adult: Adult | None = None  # on the child's list, whether or not they count today
    other_name: str = ""  # somebody on no list
    child_agreed: bool | None = None  # what the child says: None where nobody asked
    code: str = ""
    second: Person | None = None
    approved_by: Person | None = None  # the guardian who was rung
    approved_on: str = ""  # on which number

    @property
    def name(self) -> str:
        """What they are called."""
        return self.adult.name if self.adult else " ".join(self.other_name.split())[:60]

    @property
    def is_listed(self) -> bool:
        """Whether they are on the list today."""
        return self.adult is not None and self.adult.may_collect


def hand_over(child: Person, taking: Taking, saying: Saying) -> Verdict:
    """Hand a child over to an adult, or write down why not.

    Raises RuleBroken where something is missing that makes it sure; then nothing is written down.
    """
    if not taking.name:
        raise RuleBroken(_l("Say who takes the child."), field="adult")
    hold([child], saying)
    if known := said_before(child, saying):
        return known
    taking = replace(taking, adult=_anew(child, taking.adult, saying))
    said = _said(child, taking, saying)
    bar = bars.bar_against(bars_of(child, saying), _wanted(taking))
    if bar is not None and (no := _barred(child, bar, said, saying)):
        return no
    last = ledger.now_holding(child.id)
    if not saying.was_so and _has_gone(last, said):
        assert last is not None
        return refused(child, said, Answer.GONE, before=last.event)
    if taking.child_agreed is False:
        return refused(child, said, Answer.CHILD_NO)
    if taking.child_agreed is None:
        raise RuleBroken(_l("Ask the child first: do they know this adult, and say yes?"), field="child_agreed")
    checked = _checked(child, taking, said, saying)
    if isinstance(checked, Verdict):
        return checked
    return _give(child, taking, replace(said, checked_by=checked, flag=_flag(child, taking, bar, saying)), saying)


def _anew(child: Person, adult: Adult | None, saying: Saying) -> Adult | None:
    """How an adult stands now that nobody else can say anything of the child: they may have been taken off the list
    since they were chosen."""
    if adult is None:
        return None
    return listing.find_listed(child, adult.key, saying.on) or replace(adult, standing=ListState.REVOKED)


def own_of(child: Person, taking: Taking, saying: Saying) -> frozenset[int]:
    """Who cannot make sure of this adult: the child's guardians, and the adult themselves."""
    own = {each.guardian_id for each in guardians_of(child, on=saying.on)}
    if taking.adult is not None and taking.adult.person_id is not None:
        own.add(taking.adult.person_id)
    return frozenset(own)


def _said(child: Person, taking: Taking, saying: Saying) -> HolderSaid:
    row = taking.adult.collector if taking.adult else None
    return replace(
        said_of(child, saying, Holder.COLLECTOR),
        collector=row,
        other_name="" if row else taking.name,
        child_agreed=bool(taking.child_agreed),
        second=taking.second,
        approved_by=taking.approved_by,
        approved_on=taking.approved_on.strip()[:20],
    )


def _wanted(taking: Taking) -> bars.WantsToCollect:
    return bars.as_wanted(taking.adult) if taking.adult else bars.WantsToCollect(name=taking.name)


def _barred(child: Person, bar: Bar, said: HolderSaid, saying: Saying) -> Verdict | None:
    """What is answered to whoever is barred. What happened out of our sight is written down, and an alarm."""
    if saying.was_so:
        return None
    if bar.level is BarLevel.DENY:
        return refused(child, said, Answer.BARRED)
    decision = decisions.find(child, said)
    if decision is None:
        return refused(child, said, Answer.ASK_DIRECTOR)
    return None if decision.is_allowed else refused(child, said, Answer.DIRECTOR_NO)


def _has_gone(last: Custody | None, said: HolderSaid) -> bool:
    """Whether somebody else took the child today already; to say the same once more is no harm."""
    if last is None or last.holder not in GONE or last.event.on_date != said.on_date:
        return False
    same = last.event.collector_id == (said.collector.id if said.collector else None)
    return not (last.holder is Holder.COLLECTOR and same and last.event.other_name == said.other_name)


def _checked(child: Person, taking: Taking, said: HolderSaid, saying: Saying) -> CheckedBy | Verdict:
    """What made sure of the adult, or what is answered instead; raises RuleBroken where nothing did."""
    if saying.was_so:
        return _was_checked(child, taking, saying)
    own = own_of(child, taking, saying)
    if taking.second is not None and taking.second.id in {*own, saying.by.id}:
        raise RuleBroken(
            _l("The second member of staff is somebody else, who does not belong to the child."), field="second"
        )
    if taking.second is not None and not _is_staff(taking.second, saying):
        raise RuleBroken(_missing(is_own=False), field="second")
    if not taking.is_listed:
        return _rung(child, taking, saying)
    if taking.code and saying.by.id not in own:
        return _by_code(child, taking, said, saying)
    if taking.second is None:
        raise RuleBroken(_missing(saying.by.id in own), field="second")
    return CheckedBy.KNOWN


def _was_checked(child: Person, taking: Taking, saying: Saying) -> CheckedBy:
    """What made sure of the adult while nobody could ask us; whoever is gone is gone, so little is refused."""
    if taking.adult is not None and taking.code:
        return CheckedBy.CODE
    is_same = taking.second is not None and taking.second.id == saying.by.id
    if is_same or (taking.adult is not None and taking.second is None):
        raise RuleBroken(_missing(is_own=False), field="second")
    return CheckedBy.KNOWN if taking.adult is not None else _rung(child, taking, saying)


def _is_staff(second: Person, saying: Saying) -> bool:
    """Whether somebody may look as well: on duty that day, or a director."""
    is_there = is_on_duty(second.id, saying.day or saying.on)
    return is_there or second.id in {each.person.id for each in on_call.directors(saying.on)}


def _missing(is_own: bool) -> Any:
    if is_own:
        return _l("You belong to this child yourself, so a second member of staff has to look, with a code as well.")
    return _l("Type the code of the day, or name a second member of staff who knows this adult.")


def _by_code(child: Person, taking: Taking, said: HolderSaid, saying: Saying) -> CheckedBy | Verdict:
    tried = codes.use(child, saying.on, taking.code, now=saying.now)
    if tried is CodeAnswer.RIGHT:
        return CheckedBy.CODE
    if tried in _WORTH_NOTHING:
        raise RuleBroken(_WORTH_NOTHING[tried], field="code")
    if tried is CodeAnswer.LOCKED:
        return refused(child, said, Answer.NO_TRIES)
    row = codes.find(child.id, saying.on)
    return replace(refused(child, said, Answer.WRONG_CODE), tries_left=codes.MOST_TRIES - row.tries if row else 0)


def _rung(child: Person, taking: Taking, saying: Saying) -> CheckedBy:
    """Of whoever is not on the list a guardian has to have said yes, and a second member of staff has to look."""
    guardians = {each.guardian_id for each in guardians_of(child, on=saying.on)}
    if taking.approved_by is None or taking.approved_by.id not in guardians:
        words = _l("They are not on the list today: ring the guardians in order, and say who of them agreed.")
        raise RuleBroken(words, field="approved_by")
    if not taking.approved_on.strip():
        raise RuleBroken(_l("Say on which number they were rung."), field="approved_on")
    if not saying.was_so and is_denied(taking.approved_by, child, saying):
        words = _l("Whoever may not collect the child cannot say who does. Ring another guardian.")
        raise RuleBroken(words, field="approved_by")
    if taking.second is None:
        raise RuleBroken(_l("A second member of staff has to look as well."), field="second")
    return CheckedBy.RUNG


def _flag(child: Person, taking: Taking, bar: Bar | None, saying: Saying) -> Flag | None:
    """What is looked at afterwards."""
    plan = expected_of(child, saying)
    named = plan.collector if plan else None
    is_other = named is not None and (taking.adult is None or taking.adult.collector != named)
    not_collected = plan is not None and plan.way not in {None, Way.COLLECTED}
    is_over = taking.adult is not None and not taking.is_listed
    is_barred = bar is not None or (taking.approved_by is not None and is_denied(taking.approved_by, child, saying))
    return flag_of(
        saying,
        Flag.BARRED_MEANWHILE if saying.was_so and is_barred else None,
        Flag.EXPIRED if is_over and saying.was_so else None,
        Flag.CHANGED_MEANWHILE if saying.was_so and _is_wrong(child, taking, saying) else None,
        Flag.CHANGED_MEANWHILE if saying.was_so and _is_no_second(child, taking, saying) else None,
        Flag.CHANGED_MEANWHILE if _is_own_word(child, taking, saying) else None,
        Flag.AGAINST_PLAN if is_other or not_collected else None,
    )


def _is_wrong(child: Person, taking: Taking, saying: Saying) -> bool:
    """Whether the code that counted at the door, without a connection, is not the code of the day."""
    return bool(taking.code) and codes.use(child, saying.on, taking.code, now=saying.now) is not CodeAnswer.RIGHT


def _is_no_second(child: Person, taking: Taking, saying: Saying) -> bool:
    """Whether the second who looked as well, without a connection, is none by what is known here."""
    second = taking.second
    return second is not None and (second.id in own_of(child, taking, saying) or not _is_staff(second, saying))


def _is_own_word(child: Person, taking: Taking, saying: Saying) -> bool:
    """Whether, without a connection, nobody made sure but somebody who belongs to the child, or who took it."""
    if not saying.was_so or saying.by.id not in own_of(child, taking, saying):
        return False
    return taking.second is None or _is_no_second(child, taking, saying)


def _give(child: Person, taking: Taking, said: HolderSaid, saying: Saying) -> Verdict:
    if said.checked_by is CheckedBy.RUNG:
        said = replace(said, collector=None, other_name=taking.name)
    else:
        said = replace(said, collector=_row_of(child, taking.adult, said), other_name="")
    verdict = written(child, said)
    if verdict.event is not None and is_new(verdict):
        messages.tell_left(verdict.event, now=said.now)
        if said.flag is Flag.BARRED_MEANWHILE:
            raise_alarm(Answer.BARRED, verdict.event)
        if _is_own_word(child, taking, saying):
            raise_alarm(Answer.CONFLICT, verdict.event)
    return verdict


def _row_of(child: Person, adult: Adult | None, said: HolderSaid) -> Collector:
    """The row that names an adult; a guardian whom nobody has named gets one, for this day alone."""
    assert adult is not None
    row = adult.collector
    if row is not None and (said.flag is not None or listing.standing_of(row, said.on_date) in ON_THE_LIST):
        return row
    assert adult.person_id is not None
    row = Collector(
        child_id=child.id,
        name=adult.name,
        relation=adult.relation,
        phone=adult.phone,
        person_id=adult.person_id,
        starts_on=said.on_date,
        ends_on=said.on_date,
        named_by_id=adult.person_id,
        named_at=said.now,
    )
    db.session.add(row)
    db.session.flush()
    return row
