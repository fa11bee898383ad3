"""The door of one session: who is here, and what is scanned, typed or pressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from center.activities.models import Session
from center.activities.queries import get_session
from center.attendance import roll_actions
from center.attendance.answers import Answer
from center.attendance.models import HERE, How, Outcome, Verb
from center.attendance.queries import last_said
from center.attendance.scans import Asked, By, Verdict, scan
from center.attendance.snapshots import Known, people_by_key, snapshot_of
from center.kernel import clock, undoing
from center.kernel.access import or_device, signed_in
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people.masking import masked_name
from center.people.records import get_person
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little, check_in_page
from center.web.checkin.forms import DoorForm, TapForm
from center.web.checkin.hands import Hand, authorise_for
from center.web.checkin.rolls_seen import note_roll
from center.web.own_hosts import own_hosts, read_here
from center.web.rendering import render
from center.web.scan_items import said_of
from center.web.sending import tried

DOOR_SCRIPTS = (
    "codes.js",
    "contact.js",
    "here.js",
    "lines.js",
    "outbox.js",
    "reader.js",
    "roll.js",
    "sending.js",
    "snapshot.js",
    "sounds.js",
    "store.js",
    "unsent.js",
    "verdict.js",
    "wedge.js",
)


@dataclass(frozen=True)
class Shown:
    """An answer on the page: which, of whom, and what is said beside it."""

    answer: Answer
    name: str = ""
    said: str = ""
    code: str = ""  # with which they may be let in without a place


@dataclass(frozen=True)
class DoorPage:
    """The page at the door: everything a scan needs, and the list."""

    session: Session | None
    device: Any
    form: DoorForm
    taps: TapForm
    shown: Shown | None
    people: Sequence[Known]
    undoable: frozenset[str]
    here: int
    is_closed: bool
    hosts: Sequence[str]
    zone: str  # in which times are said
    door_scripts: Sequence[str]  # fetched at once, rather than as each asks for the next


@blueprint.route("/checkin/sessions/<id:date_id>", methods=["GET", "POST"])
@or_device
@check_in_page
@accepts_little(8 * 1024)
@signed_in
def session_page(date_id: int) -> ResponseReturnValue:
    """Where people are checked in to one session; without JavaScript by typing codes and pressing names."""
    session, now = get_session(date_id), clock.now()
    hand = authorise_for(session, now)
    form, taps, shown = DoorForm(), TapForm(), None
    if request.method == "POST" and "tap" in request.form:
        shown = _tapped(session, taps, hand, now) if taps.validate_on_submit() else None
    elif form.validate_on_submit():
        shown = _typed(session, form, hand, now)
    page = _page(session, hand, form, taps, shown, now)
    status = taps.status if taps.is_wrong else form.status if form.is_wrong else 200
    return render("checkin/session.html", page), status


def empty_page() -> DoorPage:
    """The page as a device keeps it: of no session, with nobody on it."""
    return DoorPage(
        session=None,
        device=None,
        form=DoorForm(formdata=None),
        taps=TapForm(formdata=None),
        shown=None,
        people=(),
        undoable=frozenset(),
        here=0,
        is_closed=False,
        hosts=own_hosts(),
        zone=str(centre_zone()),
        door_scripts=DOOR_SCRIPTS,
    )


def _page(session: Session, hand: Hand, form: DoorForm, taps: TapForm, shown: Shown | None, now: datetime) -> DoorPage:
    found = snapshot_of(session)
    note_roll(found, hand)
    said = last_said(session, since=now - undoing.UNDONE_WITHIN)
    return DoorPage(
        session=session,
        device=hand.device,
        form=form,
        taps=taps,
        shown=shown,
        people=found.people,
        undoable=frozenset(each.key for each in found.people if each.person_id in said),
        here=sum(each.status in HERE for each in found.people),
        is_closed=not found.is_open,
        hosts=own_hosts(),
        zone=str(centre_zone()),
        door_scripts=DOOR_SCRIPTS,
    )


def _typed(session: Session, form: DoorForm, hand: Hand, now: datetime) -> Shown | None:
    code = read_here(form.code.data)
    asked = Asked(code=code, takes_place=bool(form.is_walk_in.data))
    done = tried(lambda: scan(session, asked, By(person=hand.by, device=hand.device, now=now)))
    if isinstance(done, DomainError):
        return Shown(Answer.NOT_ALLOWED, said=str(done))
    may_walk_in = done.outcome is Outcome.REFUSED and done.answer in {Answer.NOT_SIGNED_UP, Answer.WRONG_SESSION}
    return shown_of(done, now, code=form.code.data if may_walk_in else "")


def _tapped(session: Session, taps: TapForm, hand: Hand, now: datetime) -> Shown | None:
    act, key = taps.said
    person_id = people_by_key(session, [key]).get(key)
    if person_id is None:
        return Shown(Answer.UNKNOWN)
    if act == "undone":
        return _undone(session, person_id, hand, now)
    late = {"arrived": False, "late": True}.get(act)
    verb = Verb.ARRIVED if act == "late" else Verb(act)
    asked = Asked(verb=verb, person=get_person(person_id), how=How.ROLL, is_late=late)
    done = tried(lambda: scan(session, asked, By(person=hand.by, device=hand.device, now=now)))
    return Shown(Answer.NOT_ALLOWED, said=str(done)) if isinstance(done, DomainError) else shown_of(done, now)


def _undone(session: Session, person_id: int, hand: Hand, now: datetime) -> Shown | None:
    event = last_said(session, since=now - undoing.UNDONE_WITHIN).get(person_id)
    nothing = RuleBroken(_("It can be undone for ten minutes, and they have passed. Say what is right instead."))
    done = nothing if event is None else tried(lambda: roll_actions.undo(event, by=hand.by, now=now))
    return Shown(Answer.NOT_ALLOWED, said=str(done)) if isinstance(done, DomainError) else None


def shown_of(verdict: Verdict, now: datetime, *, code: str = "", where_to: str = "") -> Shown | None:
    """None where the list itself says it: somebody is on leave. At an entrance it is said where they go."""
    if verdict.answer is None:
        return None
    said = said_of(verdict, now=now)
    name = masked_name(verdict.person.name) if verdict.person else ""
    return Shown(verdict.answer, name, " · ".join(each for each in (where_to, said) if each), code)
