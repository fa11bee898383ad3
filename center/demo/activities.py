"""The demonstration's activities: the weekly timetable of the month around today, with who comes and who waits."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from center.activities.kinds import all_kinds, enter_usual_kinds
from center.activities.models import Activity, ActivityChange, ActivityEvent, ActivityState, Session, SessionState
from center.activities.titles import reading
from center.demo.bookings import references_by
from center.demo.offers import OFFER_MINUTES, let_one_be_offered
from center.demo.population import GROWN, OLD, Resident
from center.demo.programme import BY_TITLE, EXTRA, PAST_DAYS, Extra, Programme
from center.demo.rounds import neighbours
from center.demo.scene import Scene
from center.demo.year import PlannedUse
from center.organisations.models import Membership, Organisation
from center.people.acting import Ground
from center.rooms import ledger
from center.rooms.models import Occupancy, Room, UseKind
from center.signups.lottery.actions import draw_if_due
from center.signups.models import Audience, Channel, Mode, Pool, PoolKind, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.models.lottery import Draw
from center.signups.roster_state import hold

WAITING = 5  # people who wait where it is full
CHILDREN = range(6, 13)
BECAME = {
    SignUpState.CONFIRMED: SignUpChange.CONFIRMED,
    SignUpState.OFFERED: SignUpChange.OFFERED,
    SignUpState.REQUESTED: SignUpChange.REQUESTED,
    SignUpState.WAITING: SignUpChange.QUEUED,
    SignUpState.CANCELLED: SignUpChange.SESSION_CANCELLED,
}


@dataclass
class _Crowd:
    """Residents to draw from, in an order of chance."""

    adults: list[int]
    elders: list[int]
    children: list[Resident]
    ages: dict[int, int] = field(default_factory=dict)


def make_activities(planned: Iterable[PlannedUse], scene: Scene, *, chance: random.Random) -> None:
    """Load them, with their rooms' time, rosters, sign-ups and history."""
    _Making(scene, chance).run(sorted(planned, key=lambda use: (use.day, use.start, use.room)))


class _Making:
    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self.session, self.scene, self.chance, self.now = scene.session, scene, chance, scene.now
        self.crowd = _crowd(scene, chance)
        self.keys = 0
        self.references = references_by(chance)
        self.lotteries: list[Roster] = []

    def run(self, planned: Sequence[PlannedUse]) -> None:
        """Make activities of the uses that stand for one, and the extra ones, with their rosters and sign-ups."""
        enter_usual_kinds()
        self.kinds = {kind.name: kind.id for kind in all_kinds()}
        for title, programme in BY_TITLE.items():
            uses = [use for use in planned if use.purpose == title]
            if uses and uses[0].organisation:
                people = max(use.people for use in uses)
                activity = self._activity(programme, uses[0].organisation, people=people)
                sessions = [self._in_room(activity, use) for use in uses]
                self._open(programme, activity, [each for each in sessions if each is not None])
        for extra in EXTRA:
            activity = self._activity(extra, extra.organisation, people=20, extra=extra)
            dates = [self._session(activity, *span) for span in extra.spans(self.scene)]
            if extra.state in {"published", "cancelled"}:
                self._open(extra, activity, dates)
        self.session.flush()
        let_one_be_offered(self.scene)
        self._draw_what_is_due()

    def _draw_what_is_due(self) -> None:
        """Draw those whose sign-up has closed, as the site would have done at that moment."""
        self.session.flush()
        self.session.expire_all()
        for roster in self.lotteries:
            if roster.closes_at is not None and roster.closes_at <= self.now:
                draw_if_due(hold(roster), by=None, now=roster.closes_at)

    def _activity(self, programme: Programme, slug: str, *, people: int, extra: Extra | None = None) -> Activity:
        made_at = self.scene.at(
            self.scene.today - timedelta(days=6 if extra and not extra.is_weekly else PAST_DAYS + 14), 10
        )
        state = ActivityState(extra.state) if extra else ActivityState.PUBLISHED
        is_public = state in {ActivityState.PUBLISHED, ActivityState.CANCELLED}
        copied = ("slug", "title", "title_en", "summary", "summary_en", "bring")
        activity = Activity(
            organisation=self.session.get_one(Organisation, self.scene.organisations[slug]),
            kind_id=self.kinds[programme.kind],
            sort_key=reading(programme.title),
            place=extra.place if extra else "",
            place_en=extra.place_en if extra else "",
            expected=people,
            age_from=CHILDREN.start if programme.for_children else programme.from_age,
            age_to=CHILDREN.stop - 1 if programme.for_children else None,
            state=state,
            reason=extra.reason if extra else "",
            created_by_id=self.scene.leads[slug],
            created_at=made_at,
            submitted_at=made_at if state is not ActivityState.DRAFT else None,
            published_at=made_at + timedelta(hours=5) if is_public else None,
            changed_at=made_at + timedelta(hours=5),
            **{name: getattr(programme, name) for name in copied},
            **dict.fromkeys(programme.access, True),
        )
        self.session.add(activity)
        self.session.flush()
        self._history(activity, extra)
        return activity

    def _history(self, activity: Activity, extra: Extra | None) -> None:
        director, lead = self.scene.cast["director"], activity.created_by_id
        steps = [(activity.created_at, lead, ActivityChange.CREATED, "")]
        if activity.submitted_at:
            steps.append((activity.submitted_at, lead, ActivityChange.SUBMITTED, ""))
        if activity.published_at:
            steps.append((activity.published_at, director, ActivityChange.PUBLISHED, ""))
        if extra and extra.reason:
            what = ActivityChange.RETURNED if extra.state == "returned" else ActivityChange.CANCELLED
            steps.append((activity.changed_at, director, what, extra.reason))
        self.session.add_all(
            ActivityEvent(activity_id=activity.id, at=at, by_id=by, what=what, reason=reason)
            for at, by, what, reason in steps
        )

    def _in_room(self, activity: Activity, use: PlannedUse) -> Session | None:
        """The session with its room's time; None where something else took that meanwhile."""
        room, zone = self.scene.rooms[use.room], self.scene.zone
        midnight = datetime.combine(use.day, time(0), zone).astimezone(UTC)
        starts_at, ends_at, clear_at = (midnight + timedelta(minutes=m) for m in (use.start, use.end, use.clear))
        if self._is_taken(room, starts_at, clear_at):
            return None
        taken = ledger.take(UseKind.SESSION, room, starts_at=starts_at, clear_at=clear_at, zone=zone)
        owner = activity.organisation
        taken.label, taken.ends_at = f"{owner.name} · {activity.title}", ends_at
        taken.label_en = f"{owner.name_en or owner.name} · {activity.title_en}"
        return self._session(activity, starts_at, ends_at, room_id=room.id, use_id=taken.id)

    def _is_taken(self, room: Room, starts_at: datetime, clear_at: datetime) -> bool:
        in_the_way = select(Occupancy.use_id).where(
            Occupancy.room_id.in_([leaf.id for leaf in room.leaves]),
            Occupancy.starts_at < clear_at,
            Occupancy.clear_at > starts_at,
        )
        return self.session.scalar(in_the_way.limit(1)) is not None

    def _session(self, activity: Activity, starts_at: datetime, ends_at: datetime, **room: int) -> Session:
        is_off = activity.state is ActivityState.CANCELLED
        state = SessionState.HELD if ends_at <= self.now else SessionState.SCHEDULED
        session = Session(
            activity=activity,
            starts_at=starts_at,
            ends_at=ends_at,
            state=SessionState.CANCELLED if is_off else state,
            cancelled_at=activity.changed_at if is_off else None,
            cancel_reason=activity.reason if is_off else "",
            changed_at=activity.changed_at,
            **room,
        )
        self.session.add(session)
        self.session.flush()
        return session

    def _open(self, programme: Programme, activity: Activity, sessions: Sequence[Session]) -> None:
        """Rosters with their places, and whoever took them so far."""
        if not programme.places or not sessions:
            return
        for session in [None] if programme.is_course else sessions:
            roster = Roster(
                activity=activity,
                session=session,
                audience=Audience.PARTICIPANTS,
                mode=programme.mode,
                offer_minutes=OFFER_MINUTES,
                first_at=(session or sessions[0]).starts_at,
                min_age=programme.from_age,
                guardian_below=14 if programme.for_children else None,
            )
            roster.pools = [
                Pool(kind=kind, capacity=capacity, position=n) for n, (kind, capacity) in enumerate(programme.places)
            ]
            if programme.is_course:  # who comes later joins in
                roster.closes_at = sessions[-1].starts_at
            if isinstance(programme, Extra) and programme.mode is Mode.LOTTERY:
                roster.closes_at = programme.closes_at(self.scene)
                self.lotteries.append(roster)
            self.session.add(roster)
            self.session.flush()
            if programme.mode is Mode.LOTTERY:  # the same seed for the same day
                self.session.add(Draw(roster_id=roster.id, seed=f"{self.chance.getrandbits(128):032x}"))
                self.session.flush()
            self._sign_up(programme, roster, session or sessions[0])

    def _sign_up(self, programme: Programme, roster: Roster, first: Session) -> None:
        counted = [pool for pool in roster.pools if pool.kind is not PoolKind.COMPANION]
        ahead = max(0, (first.starts_at - self.now).days)
        share = programme.busy if programme.is_course else max(0.1, programme.busy - 0.03 * ahead)
        wanted = round(sum(pool.capacity for pool in counted) * share)
        people = list(self._people(programme, roster, wanted + (WAITING if programme.busy >= 1 else 0)))
        asked = sorted(self._asked_at(roster.activity, first, roster.closes_at) for _ in people)
        for (person, by), at in zip(people, asked, strict=True):
            self._enter(roster, person, by, at, first)

    def _people(self, programme: Programme, roster: Roster, number: int) -> Iterator[tuple[int, int]]:
        """Who comes, and who signed them up."""
        if programme.for_children:
            for child in self.chance.sample(self.crowd.children, min(number, len(self.crowd.children))):
                yield child.id, child.guardians[0].id
            return
        if programme.mode is Mode.MEMBERS_ONLY:
            members = select(Membership.person_id).where(Membership.organisation_id == roster.activity.organisation_id)
            known = self.session.scalars(members.distinct().order_by(Membership.person_id)).all()
        else:
            known = self.crowd.elders if programme.from_age else self.crowd.adults
        if programme.mode is Mode.LOTTERY:
            yield self.scene.cast["resident"], self.scene.cast["resident"]
        if isinstance(programme, Extra) and programme.is_weekly:
            first = [*(self.scene.cast[part] for part in ("resident", "elder")), *neighbours(self.scene)]
            yield from ((each, each) for each in first)
            number -= len(first)
            known = [each for each in known if each not in first]
        for person in self.chance.sample(list(known), min(number, len(known))):
            yield person, person

    def _asked_at(self, activity: Activity, first: Session, closes_at: datetime | None) -> datetime:
        assert activity.published_at is not None
        latest = min(
            self.now, closes_at or first.starts_at, first.starts_at, first.cancelled_at or first.starts_at
        ) - timedelta(hours=3)
        span = max(latest - activity.published_at, timedelta(minutes=1))
        return activity.published_at + span * self.chance.random()

    def _enter(self, roster: Roster, person: int, by: int, at: datetime, first: Session) -> None:
        is_old = self.crowd.ages.get(person, 40) >= OLD
        channel = Channel.PHONE if is_old and self.chance.random() < 0.5 else Channel.ONLINE
        signer = self.scene.cast["clerk"] if channel is Channel.PHONE else by
        ground = Ground.STAFF if channel is Channel.PHONE else Ground.GUARDIAN if by != person else Ground.SELF
        is_asking = roster.mode is Mode.APPROVAL and first.starts_at > self.now and self.chance.random() < 0.5
        is_asking = is_asking or roster.mode is Mode.LOTTERY
        pool = None if is_asking else _pool_for(roster, is_old, channel)
        state = SignUpState.CONFIRMED if pool else SignUpState.REQUESTED if is_asking else SignUpState.WAITING
        is_off = first.state is SessionState.CANCELLED
        state, pool = (SignUpState.CANCELLED, None) if is_off else (state, pool)
        if pool is not None:
            pool.taken += 1
        roster.last_order += 1
        self.keys += 1
        group = SignUpGroup(roster_id=roster.id, signed_by_id=signer, request_key=f"demo-{self.keys:06d}", made_at=at)
        changed_at = first.cancelled_at if is_off and first.cancelled_at else at
        sign_up = SignUp(
            reference=next(self.references), roster=roster, person_id=person, group=group, pool=pool, state=state,
            queue_order=roster.last_order, signed_by_id=signer, ground=ground, channel=channel,
            uses_wheelchair=bool(pool and pool.kind is PoolKind.WHEELCHAIR), made_at=at, changed_at=changed_at,
        )  # fmt: skip
        if state is SignUpState.CONFIRMED:
            sign_up.held.add(PlaceHeld(from_at=at))
        self.session.add(sign_up)
        self.session.add(SignUpEvent(sign_up=sign_up, at=changed_at, by_id=signer, what=BECAME[state], channel=channel))


def _pool_for(roster: Roster, is_old: bool, channel: Channel) -> Pool | None:
    """The first place there is for somebody: kept ones first."""
    kinds = [PoolKind.ELDERS] if is_old else []
    kinds += [PoolKind.DESK] if channel is Channel.PHONE else []
    by_kind = {pool.kind: pool for pool in roster.pools}
    return next((pool for kind in (*kinds, PoolKind.GENERAL) if (pool := by_kind.get(kind)) and pool.left > 0), None)


def _crowd(scene: Scene, chance: random.Random) -> _Crowd:
    cast = set(scene.cast.values())
    others = [resident for resident in scene.everybody if resident.id not in cast]
    adults = chance.sample(others, min(len(others), 900))
    return _Crowd(
        adults=[each.id for each in adults if each.age >= GROWN],
        elders=[each.id for each in adults if each.age >= OLD],
        children=[each for each in others if each.age in CHILDREN and each.guardians],
        ages={each.id: each.age for each in scene.everybody},
    )
