"""The steps of moving a session, and of changing how places are given. What changes is shown first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from center.activities import policy as activity_policy
from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, Session
from center.activities.sessions import MovePreview
from center.bookings.places import Place
from center.kernel.db import transaction
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.notices.telling import HowTold
from center.rooms.queries import all_rooms
from center.signups import news
from center.signups.changing import actions as changing
from center.signups.changing import rescheduling
from center.signups.changing.rules import stamp_of
from center.signups.changing.words import say_changes
from center.signups.messages import how_told_of_change
from center.signups.models import Roster
from center.signups.posting import actions as posting
from center.signups.posting.people import explained, sum_of
from center.signups.posting.plans import others_for
from center.signups.posting.queries import Concerned, concerned
from center.signups.queries import is_drawn
from center.signups.rosters import facts_of
from center.web.activities.forms import MoveForm
from center.web.rendering import render
from center.web.sending import go_on
from center.web.steps.changing import ChangeFlow, without_difference
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage
from center.web.workspace.roster_forms import RosterForm

READ_FIRST = _l("Another place outside the centre is read by the desk first: say under “Edit” where it takes place.")
Along = Sequence[tuple[Roster, Sequence[tuple[str, str, str]], Sequence[tuple[Any, int]]]]


@dataclass(frozen=True, kw_only=True)
class MovePage:
    """Where and when a session is to be instead."""

    page: StepPage
    form: MoveForm
    activity: Activity
    session: Session
    others: Sequence[Place]


@dataclass(frozen=True, kw_only=True)
class MoveCheck:
    """What moving a session would do, and whom it concerns."""

    page: StepPage
    form: MoveForm
    activity: Activity
    session: Session
    difference: MovePreview
    concerned: Concerned
    along: Along
    reached: HowTold


class MoveSteps(ChangeFlow[MoveForm]):
    """Moving a session to another time or place."""

    endpoint = "posting.move_session_step"

    def __init__(self, activity: Activity, session: Session, *, now: datetime) -> None:
        self.activity, self.session, self.now = activity, session, now
        super().__init__(InDraft(f"move:{session.id}"), slug=activity.slug, date_id=session.id)

    def make_form(self, answers: "MultiDict[str, str] | None") -> MoveForm:
        form = MoveForm.of(self.session, formdata=answers)
        form.offer_rooms(all_rooms())
        return form

    def steps_of(self, form: MoveForm) -> Sequence[Step]:
        return self.two_steps(("date", "start", "end", "room", "place", "reason"), _("Move the session"))

    def read_anew(self) -> None:
        self.saw(str(self.session.sequence))

    def more_of(self, error: DomainError) -> dict[str, Any]:
        return {"is_refused": True}

    def show(self, step: Step) -> str:
        page = self.page(step, _("Move the session"), self._manage)
        given: dict[str, Any] = {"page": page, "form": self.form, "activity": self.activity, "session": self.session}
        if not step.is_last:
            return render("workspace/posting/move.html", MovePage(others=self._others(), **given))
        plan = self._readable_plan()
        difference = sessions.preview_move(self.session, plan, by=current_user.person, now=self.now)
        if difference.clashes:
            broken_rules(explained(difference.clashes[0].refusals, sum_of(self.activity)))
        along = rescheduling.look_if_moved(self.activity, self.session, plan.span, now=self.now)
        given |= {"difference": difference, "along": rescheduling.say_along(along)}
        given |= {"concerned": concerned(self.activity, self.session)}
        reached = how_told_of_change(self.activity, self.session, news.SESSION_MOVED, now=self.now)
        return render("workspace/posting/move_confirm.html", MoveCheck(reached=reached, **given))

    def finish(self) -> ResponseReturnValue:
        plan, form = self._readable_plan(), self.form
        seen = {"reason": form.reason.data or "", "seen": form.seen.data or ""}
        with transaction():
            posting.move(self.session, plan, by=current_user.person, now=self.now, **seen)
            self.keeping.finish(self._manage)
        return go_on(_("The session is moved. Those who signed up are told."), self._manage)

    @property
    def _manage(self) -> str:
        return url_for("posting.manage", slug=self.activity.slug)

    def _others(self) -> Sequence[Place]:
        """What is free instead, where the time was refused."""
        if not self.said.more.get("is_refused"):
            return []
        return others_for(
            self._plan(),
            expected=self.activity.expected,
            organisation=self.activity.organisation,
            by=current_user.person,
            now=self.now,
        )

    def _readable_plan(self) -> SessionPlan:
        """A place in words of one's own is read by staff first, where they read the words of its organisation."""
        plan = self._plan()
        stands = self.session.place or self.activity.place
        if plan.place and plan.place != stands and activity_policy.changes_wait(self.activity, current_user):
            raise RuleBroken(READ_FIRST, field="place")
        return plan

    def _plan(self) -> SessionPlan:
        form = self.form
        room = next((room for room in all_rooms() if room.code == form.room.data), None)
        return SessionPlan(span=form.span(), room=room, place="" if room else form.place.data or "")


@dataclass(frozen=True, kw_only=True)
class RosterChangePage:
    """When and how places are given, to be changed."""

    page: StepPage
    form: RosterForm
    activity: Activity
    roster: Roster


@dataclass(frozen=True, kw_only=True)
class RosterCheck:
    """What giving places otherwise means for those who signed up."""

    page: StepPage
    form: RosterForm
    activity: Activity
    roster: Roster
    effects: changing.ChangeEffects
    changes: Sequence[tuple[str, str, str]]
    telling: HowTold


class RosterSteps(ChangeFlow[RosterForm]):
    """Changing how a roster gives its places."""

    endpoint = "posting.change_roster_step"

    def __init__(self, activity: Activity, roster: Roster, *, now: datetime) -> None:
        self.activity, self.roster, self.now, self.before = activity, roster, now, facts_of(roster)
        super().__init__(InDraft(f"roster:{roster.id}"), slug=activity.slug, roster_id=roster.id)

    def make_form(self, answers: "MultiDict[str, str] | None") -> RosterForm:
        return RosterForm.of(self.before, is_drawn=is_drawn(self.roster), formdata=answers)

    def steps_of(self, form: RosterForm) -> Sequence[Step]:
        asked = [each.name for each in form if not isinstance(each, HiddenField)]
        return self.two_steps(asked, _("Change sign-up"))

    def read_anew(self) -> None:
        self.before = facts_of(self.roster)
        self.saw(stamp_of(self.before))

    def show(self, step: Step) -> str:
        page = self.page(step, _("Change sign-up"), self._roster_page)
        given: dict[str, Any] = {"page": page, "form": self.form, "activity": self.activity, "roster": self.roster}
        if not step.is_last:
            return render("workspace/posting/roster_change.html", RosterChangePage(**given))
        after = self.form.facts(self.before)
        effects = changing.look(self.roster, after, now=self.now)
        broken_rules(changing.refusals(effects, after))
        given |= {"effects": effects, "changes": say_changes(effects.changed)}
        given |= {} if effects.changed else {"page": without_difference(page)}
        told = changing.told_of(self.roster, after, now=self.now)
        return render("workspace/posting/roster_confirm.html", RosterCheck(telling=told, **given))

    def finish(self) -> ResponseReturnValue:
        after, seen = self.form.facts(self.before), self.form.seen.data or ""
        with transaction():
            changing.change(self.roster, after, seen=seen, by=current_user.person, now=self.now)
            self.keeping.finish(self._roster_page)
        return go_on(_("It is changed."), self._roster_page)

    @property
    def _roster_page(self) -> str:
        return url_for("posting.roster", slug=self.activity.slug, roster_id=self.roster.id)
