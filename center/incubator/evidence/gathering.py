"""What there is to show of an organisation's time, read once and kept as plain words: a pack is made of nothing else.

Of those who came a shortened name is all that is needed to see that they were people; phones, homes and whoever is on
the list of a confined activity are in no pack.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity
from center.activities.photos.models import ActivityPhoto
from center.activities.words import where
from center.attendance import ledger
from center.attendance.ledger import Entry
from center.feedback import totals
from center.feedback.rules import Totals
from center.incubator.evidence import pictures, rules, spending
from center.incubator.evidence.rules import Missing, SessionFacts
from center.incubator.filings.queries import IN_THE_INCUBATOR
from center.incubator.models.evidence import SpendingEntry
from center.incubator.models.filings import ActivityFiling, ActivitySummary
from center.kernel.db import db
from center.kernel.i18n import format_clocks, format_day, in_language, local_date
from center.organisations.models import Organisation
from center.people.masking import masked_name


@dataclass(frozen=True, kw_only=True)
class HeldSession:
    """A session that was held, with how many came, by its register."""

    session_id: int
    activity_id: int
    day: date
    clocks: str
    title: str
    place: str
    register: str
    has_register: bool
    numbers: tuple[int, int, int, int]  # expected, came, on leave, absent
    hours: float
    came: tuple[str, ...]  # shortened names
    totals: Totals | None

    @property
    def called(self) -> str:
        """Its day and title."""
        return f"{format_day(self.day)} {self.title}"


@dataclass(frozen=True, kw_only=True)
class HeldActivity:
    """What everybody was told of an activity before it was held."""

    activity_id: int
    slug: str
    title: str
    summary: str
    about: str
    bring: str
    contact: str
    kind: str
    expected: int
    published_on: str
    cover_of: int | None  # the activity whose cover photo there is
    filed: str  # what was filed of it ahead, by whom it is answered for and when; empty: nothing
    safety_plan: str
    summed_up: Mapping[date, str]  # what was written afterwards, by the date
    is_to_be_filed: bool


@dataclass(frozen=True, kw_only=True)
class KeptPicture:
    """A photograph, without its bytes."""

    picture_id: int
    session_id: int
    caption: str
    size: int


@dataclass(frozen=True, kw_only=True)
class SpentLine:
    """An entry of what was spent."""

    entry_id: int
    day: date
    what: str
    payee: str
    fen: int
    suffix: str  # of its receipt; empty: there is none
    struck: str  # why it does not count


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All of it."""

    organisation_name: str
    first: date
    last: date
    activities: Sequence[HeldActivity]
    sessions: Sequence[HeldSession]
    pictures: Sequence[KeptPicture]
    spent: Sequence[SpentLine]
    self_evaluation: str

    @property
    def missing(self) -> list[Missing]:
        """What is not there."""
        counted: dict[int, int] = {}
        for picture in self.pictures:
            counted[picture.session_id] = counted.get(picture.session_id, 0) + 1
        known = {each.activity_id: each for each in self.activities}
        facts = [_facts(each, known[each.activity_id], counted.get(each.session_id, 0)) for each in self.sessions]
        return rules.what_is_missing(
            facts,
            spending=len([each for each in self.spent if not each.struck]),
            without_receipt=[
                f"{format_day(each.day)} {each.what}" for each in self.spent if not each.suffix and not each.struck
            ],
            has_evaluation=bool(self.self_evaluation.strip()),
        )


def gather(organisation: Organisation, first: date, last: date, self_evaluation: str, *, now: datetime) -> Gathered:
    """Read what there is of these days, in the language now spoken; a bounded number of queries."""
    every = ledger.month_of(organisation.id, first, last, now=now)
    entries = [each for each in every if not each.session.activity.is_confined]
    ids = [each.session.id for each in entries]
    came = {key: tuple(masked_name(each.name) for each in people) for key, people in ledger.who_came(entries).items()}
    said = totals.totals_of_each(ids)
    return Gathered(
        organisation_name=in_language(organisation.name, organisation.name_en),
        first=first,
        last=last,
        activities=_activities(entries),
        sessions=[_session(each, came, said) for each in entries],
        pictures=[
            KeptPicture(picture_id=each.id, session_id=each.session_id, caption=each.caption, size=each.size)
            for each in pictures.of_sessions(ids)
        ],
        spent=[_spent(each) for each in reversed(spending.entries_of(organisation.id, first, last))],
        self_evaluation=self_evaluation,
    )


def _facts(held: HeldSession, activity: HeldActivity, counted: int) -> SessionFacts:
    return SessionFacts(
        session_id=held.session_id,
        slug=activity.slug,
        called=held.called,
        title=activity.title,
        on=held.day,
        is_to_be_filed=activity.is_to_be_filed,
        has_plan=bool(activity.filed or (activity.about.strip() and not activity.is_to_be_filed)),
        has_summary=held.day in activity.summed_up or not activity.is_to_be_filed,
        has_register=held.has_register,
        pictures=counted,
        has_feedback=held.totals is not None,
    )


def _session(entry: Entry, came: Mapping[int, tuple[str, ...]], said: Mapping[int, Totals]) -> HeldSession:
    session, counts = entry.session, entry.counts
    return HeldSession(
        session_id=session.id,
        activity_id=session.activity_id,
        day=session.local_day,
        clocks=format_clocks(session.starts_at, session.ends_at),
        title=in_language(session.activity.title, session.activity.title_en),
        place=where(session),
        register=ledger.register_words(entry.register),
        has_register=entry.register is not None and not entry.register.is_open,
        numbers=(counts.expected, counts.came, counts.on_leave, counts.absent),
        hours=counts.hours,
        came=came.get(session.id, ()),
        totals=said.get(session.id),
    )


def _activities(entries: Sequence[Entry]) -> list[HeldActivity]:
    found = {each.session.activity_id: each.session.activity for each in entries}
    query = select(ActivityPhoto.activity_id).where(ActivityPhoto.activity_id.in_(sorted(found)))
    covered = set(db.session.scalars(query))
    whole = (
        select(Activity)
        .where(Activity.id.in_(sorted(found)))
        .options(joinedload(Activity.kind), joinedload(Activity.organisation))
    )
    known = {each.id: each for each in db.session.scalars(whole.order_by(Activity.id))}
    filings, summaries = _filed(sorted(found)), _summed_up(sorted(found))
    return [_activity(known[key], filings.get(key), summaries.get(key, {}), has_cover=key in covered) for key in found]


def _filed(activity_ids: Sequence[int]) -> dict[int, ActivityFiling]:
    query = select(ActivityFiling).where(ActivityFiling.activity_id.in_(activity_ids)).order_by(ActivityFiling.id)
    return {each.activity_id: each for each in db.session.scalars(query)}


def _summed_up(activity_ids: Sequence[int]) -> dict[int, dict[date, str]]:
    query = select(ActivitySummary).where(ActivitySummary.activity_id.in_(activity_ids))
    found: dict[int, dict[date, str]] = {}
    for each in db.session.scalars(query.order_by(ActivitySummary.on_date)):
        words = "\n\n".join(filter(None, (each.what, each.to_do_better)))
        found.setdefault(each.activity_id, {})[each.on_date] = words
    return found


def _activity(
    activity: Activity, filing: ActivityFiling | None, summaries: Mapping[date, str], *, has_cover: bool
) -> HeldActivity:
    published = activity.published_at
    return HeldActivity(
        activity_id=activity.id,
        slug=activity.slug,
        title=in_language(activity.title, activity.title_en),
        summary=in_language(activity.summary, activity.summary_en),
        about=in_language(activity.about, activity.about_en),
        bring=activity.bring,
        contact=activity.contact,
        kind=in_language(activity.kind.name, activity.kind.name_en),
        expected=activity.expected,
        published_on=format_day(local_date(published)) if published else "",
        cover_of=activity.id if has_cover else None,
        filed=f"{filing.what}\n\n{format_day(local_date(filing.filed_at))}" if filing else "",
        safety_plan=filing.safety_plan if filing else "",
        summed_up=summaries,
        is_to_be_filed=activity.organisation.stage in IN_THE_INCUBATOR,
    )


def _spent(entry: SpendingEntry) -> SpentLine:
    return SpentLine(
        entry_id=entry.id,
        day=entry.spent_on,
        what=entry.what,
        payee=entry.payee,
        fen=entry.fen,
        suffix={"jpeg": ".jpg", "pdf": ".pdf"}[entry.receipt_kind.value] if entry.receipt_kind else "",
        struck=entry.struck_reason if entry.struck_at else "",
    )
