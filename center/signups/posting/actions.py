"""Posting an activity with its sessions and places in one go, and changing them later. Never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from center.activities import actions, sessions
from center.activities.actions import ActivityFacts
from center.activities.clashes import SessionPlan
from center.activities.differences import Difference, differences
from center.activities.models import Activity, Session
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.signups import rosters
from center.signups.changing.dates import Step
from center.signups.details import questions
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.models import Audience, Mode, Pool, PoolKind, Roster
from center.signups.posting.people import People
from center.signups.rosters import PoolFacts, RosterFacts, rosters_of


@dataclass(frozen=True, kw_only=True)
class Places:
    """How many places an activity has and how they are given, checked for shape only."""

    capacity: int
    elders: int = 0
    desk: int = 0
    wheelchair: int = 0
    companions: int = 0
    volunteers: int = 0
    kept: Sequence[PoolFacts] = ()  # for a building, a grid, or under a name
    per_session: bool = False
    mode: Mode = Mode.FIRST_COME
    residents_only: bool = False
    access_need_only: bool = False
    ages_bind: bool = False
    guardian_below: int | None = None
    opens_at: datetime | None = None
    closes_hours: int = 0
    cancel_hours: int = 24
    release_hours: int = 24
    has_waiting_list: bool = True
    questions: Sequence[QuestionFacts] = ()

    @property
    def people(self) -> int:
        """How many people a room must hold."""
        return self.made_of.number

    @property
    def made_of(self) -> People:
        """Of whom these are made up."""
        return People(self.capacity, self.companions, self.volunteers)

    @property
    def pools(self) -> list[PoolFacts]:
        """The places, those kept for some first."""
        kept = ((PoolKind.ELDERS, self.elders), (PoolKind.DESK, self.desk), (PoolKind.WHEELCHAIR, self.wheelchair))
        general = self.capacity - self.elders - self.desk - self.wheelchair - sum(each.capacity for each in self.kept)
        all_pools = (*kept, (PoolKind.GENERAL, general), (PoolKind.COMPANION, self.companions))
        pools = [PoolFacts(kind=kind, capacity=n) for kind, n in all_pools if n or kind is PoolKind.GENERAL]
        return [*self.kept, *pools]


def post(
    organisation: Organisation,
    facts: ActivityFacts,
    plans: Sequence[SessionPlan],
    places: Places,
    *,
    by: Person,
    now: datetime,
    request_key: str,
) -> Activity:
    """A draft with its sessions, whose rooms it takes, and its places: all of it or nothing. A form sent twice is one.

    Raises SessionsClash where a room cannot be had, and RuleBroken on the field at fault.
    """
    ledger.line_up()
    lock(organisation)
    if made := find_posted(organisation, by=by, request_key=request_key):
        return made
    activity = actions.create(organisation, facts, by=by, now=now, request_key=request_key)
    made_sessions = sessions.add_sessions(activity, plans, by=by, now=now)
    make_places(activity, made_sessions, places, by=by)
    return activity


def find_posted(organisation: Organisation, *, by: Person, request_key: str) -> Activity | None:
    """What this form made when it was sent before; raises Conflict where that was for something else."""
    sent = Activity.created_by_id == by.id, Activity.request_key == request_key
    made = db.session.scalar(select(Activity).where(*sent))
    if made is not None and made.organisation_id != organisation.id:
        raise Conflict(_l("This form was sent before, for something else. Please open the page again."))
    return made


def make_places(activity: Activity, of: Sequence[Session], places: Places, *, by: Person) -> None:
    """The rosters of an activity: one for all sessions or one for each; the same for volunteers, if any are wanted."""
    targets: list[Session | None] = list(of) if places.per_session else [None]
    for target in targets:
        starts_at = target.starts_at if target else min(each.starts_at for each in of)
        facts = _facts(places, activity, starts_at)
        made = rosters.make_roster(activity, facts, places.pools, by=by, session=target)
        for question in places.questions:
            add_question(made, question, by=by)
        if places.volunteers:
            wanted = [PoolFacts(kind=PoolKind.GENERAL, capacity=places.volunteers)]
            simple = RosterFacts(cancel_minutes=facts.cancel_minutes)
            rosters.make_roster(activity, simple, wanted, by=by, session=target, audience=Audience.VOLUNTEERS)


def add_dates(activity: Activity, plans: Sequence[SessionPlan], *, by: Person, now: datetime) -> list[Session]:
    """More sessions. Where people sign up for each date, every new one has places as the last one has."""
    made = sessions.add_sessions(activity, plans, by=by, now=now)
    for audience in Audience:
        of_dates = [each for each in rosters_of(activity) if each.audience is audience and each.session is not None]
        if not of_dates:
            continue
        model = of_dates[-1]
        pools = [_pool_facts(pool) for pool in model.pools]
        for session in made:
            facts = _like(model, session)
            roster = rosters.make_roster(activity, facts, pools, by=by, session=session, audience=audience)
            for question in model.asked:
                add_question(roster, questions.facts_of(question), by=by)
    return made


def move(session: Session, plan: SessionPlan, *, by: Person, now: datetime, reason: str, seen: str) -> None:
    """Move a session, as it was `seen`. Raises Conflict where it was changed meanwhile."""
    ledger.line_up()
    lock(session.activity)
    lock(session)
    if seen != str(session.sequence):
        raise Conflict(_l("This session has changed meanwhile. Please look at it again."))
    sessions.move_session(session, plan, by=by, now=now, reason=reason)


def to_tell(activity: Activity, facts: ActivityFacts, *, now: datetime) -> list[Difference]:
    """What whoever signed up must hear of, if an activity said this instead; nothing before it is public."""
    found = differences(activity, facts) if activity.is_public else []
    return [each for each in found if sessions.concerned_by(activity, each, now=now)]


def _facts(places: Places, activity: Activity, starts_at: datetime) -> RosterFacts:
    return RosterFacts(
        mode=places.mode,
        opens_at=places.opens_at,
        closes_at=starts_at - timedelta(hours=places.closes_hours) if places.closes_hours else None,
        cancel_minutes=places.cancel_hours * 60,
        release_minutes=places.release_hours * 60,
        has_waiting_list=places.has_waiting_list,
        min_age=activity.age_from if places.ages_bind else None,
        max_age=activity.age_to if places.ages_bind else None,
        guardian_below=places.guardian_below,
        residents_only=places.residents_only,
        access_need_only=places.access_need_only,
    )


def _like(model: Roster, session: Session) -> RosterFacts:
    """The same for another session; sign-up closes as long before it, and is open where it would not fit."""
    assert model.session is not None
    facts = rosters.facts_of(model)
    step = Step(was=model.session.starts_at, is_now=session.starts_at, zone=centre_zone())
    closes_at = step.along(facts.closes_at) if facts.closes_at else None
    opens_in_time = facts.opens_at is None or facts.opens_at < (closes_at or session.starts_at)
    return replace(facts, closes_at=closes_at, opens_at=facts.opens_at if opens_in_time else None)


def _pool_facts(pool: Pool) -> PoolFacts:
    return PoolFacts(**{name: getattr(pool, name) for name in asdict(PoolFacts(kind=pool.kind, capacity=0))})
