"""What ends or interrupts a child's place: a guardian at once, staff by a paragraph of the rules. Never commits.

Nothing is taken back silently: whoever answers for the child is told, with the reason.
"""

from datetime import date, datetime

from center.afterschool.models.consents import Purpose
from center.afterschool.models.enrolments import Enrolment, EnrolmentChange
from center.afterschool.models.terms import Paragraph, TermRules
from center.afterschool.places import consents, enrol_messages, enrol_news
from center.afterschool.places.consents import Hand
from center.afterschool.places.enrolments import allow, note, of_child
from center.afterschool.places.states import OVER, may, place_of
from center.afterschool.rights.guardian_rights import NOT_YOURS, Deed, authorise_guardian, refuse_undecided
from center.kernel.db import db, lock
from center.kernel.errors import NotYours, RuleBroken
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.signups import cancelling, messages
from center.signups.models import LIVE


def pause(
    enrolment: Enrolment, *, first: date, last: date | None, by: Person, now: datetime, guardian: Person | None = None
) -> bool:
    """The child does not come from a day on, until a day or until further notice; the place stays.

    `guardian` is whose word it is, where staff (`by`) write it down. Returns whether anything is new.
    """
    refuse_undecided(guardian or by, enrolment.child, now=now, to=Deed.PLACE)
    lock(enrolment)
    if enrolment.ended_at is None and (enrolment.paused_from, enrolment.paused_until) == (first, last):
        return False
    allow(EnrolmentChange.PAUSED, enrolment, now)
    if first < local_date(now):
        raise RuleBroken(_l("A pause begins today at the earliest."), field="first")
    if last is not None and last < first:
        raise RuleBroken(_l("It ends before it begins."), field="last")
    enrolment.paused_from, enrolment.paused_until = first, last
    note(enrolment, EnrolmentChange.PAUSED, by=by, now=now)
    enrol_messages.tell_changed(enrolment.child, lambda: say_pause(first, last), by=by, guardian=guardian, now=now)
    return True


def say_pause(first: date, last: date | None) -> str:
    """A pause in words."""
    if last is None:
        return _("the place is paused from %(first)s until further notice", first=format_day(first, with_year=False))
    said = {"first": format_day(first, with_year=False), "last": format_day(last, with_year=False)}
    return _("the place is paused from %(first)s to %(last)s", **said)


def resume(enrolment: Enrolment, *, by: Person, now: datetime, guardian: Person | None = None) -> bool:
    """The child comes again from today on; twice is once. Returns whether anything is new."""
    refuse_undecided(guardian or by, enrolment.child, now=now, to=Deed.PLACE)
    lock(enrolment)
    if enrolment.paused_from is None:
        return False
    enrolment.paused_from = enrolment.paused_until = None
    note(enrolment, EnrolmentChange.RESUMED, by=by, now=now)
    what = lambda: _("the child comes again")  # noqa: E731
    enrol_messages.tell_changed(enrolment.child, what, by=by, guardian=guardian, now=now)
    return True


def leave(enrolment: Enrolment, *, guardian: Person, by: Person, now: datetime, reason: str = "") -> bool:
    """A guardian does without the place, or without waiting, at once; twice is once. All guardians are told.

    Returns whether there was anything to end.
    """
    authorise_guardian(enrolment.child, guardian, now, to=Deed.PLACE)
    lock(enrolment)
    place = place_of(enrolment, on=local_date(now), now=now)
    if place in OVER:
        return False
    _free(enrolment, by=by, now=now, office=guardian.name, reason=reason)
    if may(EnrolmentChange.ENDED, place):
        _end(enrolment, by=by, now=now, reason=reason)
        note(enrolment, EnrolmentChange.ENDED, by=by, now=now, reason=reason)
    else:
        note(enrolment, EnrolmentChange.WITHDRAWN, by=by, now=now, reason=reason)
    return True


def end(enrolment: Enrolment, *, paragraph: Paragraph | None, reason: str, by: Person, now: datetime) -> None:
    """Staff end a place: by a paragraph of the rules, and with a reason. The guardians are told both; twice is once."""
    lock(enrolment)
    if place_of(enrolment, on=local_date(now), now=now) in OVER:
        return
    allow(EnrolmentChange.ENDED, enrolment, now)
    cited = _cite(enrolment, paragraph, reason)
    _free(enrolment, by=by, now=now, reason=cited)
    _end(enrolment, by=by, now=now, reason=reason, paragraph=paragraph)
    note(enrolment, EnrolmentChange.ENDED, by=by, now=now, reason=reason, paragraph=paragraph)


def refuse(enrolment: Enrolment, *, paragraph: Paragraph | None, reason: str, by: Person, now: datetime) -> None:
    """Staff say that there can be no place, by a paragraph of the rules; the guardians are told it. Twice is once."""
    lock(enrolment)
    if enrolment.is_refused:
        return
    allow(EnrolmentChange.NOT_ELIGIBLE, enrolment, now)
    cited = _cite(enrolment, paragraph, reason)
    _free(enrolment, by=by, now=now, reason=cited, is_refused=True)
    _end(enrolment, by=by, now=now, reason=reason, paragraph=paragraph)
    enrolment.is_refused = True
    note(enrolment, EnrolmentChange.NOT_ELIGIBLE, by=by, now=now, reason=reason, paragraph=paragraph)


def take_back_consent(child: Person, purpose: Purpose, *, hand: Hand, now: datetime) -> None:
    """A guardian takes a consent back. Without that to care every place of the child ends at once."""
    authorise_guardian(child, hand.guardian, now, to=Deed.CONSENTS)
    if purpose is Purpose.CARE:
        for each in of_child(child):
            leave(each, guardian=hand.guardian, by=hand.by, now=now, reason=_("The consent to care was taken back."))
    consents.revoke(child, purpose, hand=hand, now=now)


def _free(
    enrolment: Enrolment, *, by: Person, now: datetime, reason: str, office: str = "", is_refused: bool = False
) -> None:
    """Give the place, or the rank, to the next, and tell the guardians."""
    if enrolment.sign_up.state not in LIVE:
        return
    kind = enrol_news.NOT_ELIGIBLE if is_refused else enrol_news.PLACE_ENDED
    said = office or messages.organisation_of(enrolment.sign_up.roster)
    cancelling.cancel(
        enrolment.sign_up, by=by, now=now, reason=reason[:200], as_staff=True, kind=kind, office=said
    )  # fmt: skip


def _end(enrolment: Enrolment, *, by: Person, now: datetime, reason: str, paragraph: Paragraph | None = None) -> None:
    enrolment.ended_at, enrolment.ended_by_id, enrolment.ended_reason = now, by.id, reason[:200]
    enrolment.ended_paragraph_id = paragraph.id if paragraph else None
    db.session.flush()


def _cite(enrolment: Enrolment, paragraph: Paragraph | None, reason: str) -> str:
    """The paragraph and the reason in one sentence; raises RuleBroken where one of them is missing."""
    if paragraph is None:
        raise RuleBroken(_l("Please choose the paragraph of the rules."), field="paragraph")
    if not reason.strip():
        raise RuleBroken(_l("Please write down why."), field="reason")
    if db.session.get_one(TermRules, paragraph.rules_id).term_id != enrolment.term_id:
        raise NotYours(NOT_YOURS)
    words = in_language(paragraph.words, paragraph.words_en)
    return _("Paragraph %(number)d: %(words)s – %(reason)s", number=paragraph.number, words=words[:90], reason=reason)
