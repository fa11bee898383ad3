"""What staff, applicants and reviewers do, whole: the decision, its letter, its publication, and who hears of it.

Pages call these; each is one action of one transaction and never commits.
"""

from datetime import datetime

from center.incubator import messages
from center.incubator.letters import writing
from center.incubator.models.incubations import Incubation, IncubationDecision, IncubationStage
from center.incubator.models.interests import InterestKind
from center.incubator.models.publications import Objection, Publication
from center.incubator.models.reviews import IncubationReview, PanelSeat, ReviewScore
from center.incubator.publication import publishing
from center.incubator.publication.publishing import Objecting
from center.incubator.reviews import panels, sheets
from center.incubator.reviews.panels import Panel
from center.incubator.reviews.sheets import Given
from center.incubator.stages import applying, interests
from center.incubator.stages.clock import due_of
from center.incubator.stages.deciding import Ruling, decide, hand_to
from center.kernel.acts import Act
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.organisations import actions as organisations
from center.organisations.models import MemberRole
from center.organisations.queries import is_lead
from center.people.models import Person


def move(incubation: Incubation, ruling: Ruling, *, by: Person, now: datetime, result: str = "") -> IncubationDecision:
    """Decide about an organisation, as staff do; `result` is what is made known of it."""
    is_result = ruling.to_stage is IncubationStage.PUBLISHED
    if is_result and not result:
        raise RuleBroken(_l("Please say what is made known."), field="result")
    decision = decide(incubation, _with_letter(ruling), by=by, now=now)
    if decision.letter_number is not None:
        writing.write(incubation, decision)
    if is_result:
        last_on = decision.next_due_on or due_of(IncubationStage.PUBLISHED, local_date(now)) or local_date(now)
        publishing.publish(incubation, decision, result, last_on=last_on, by=by, now=now)
    if decision.from_stage is IncubationStage.SIGNING and ruling.to_stage is IncubationStage.INCUBATING:
        _take_in(incubation, by=by, now=now)
    messages.tell_moved(incubation, decision, by=by, now=now)
    return decision


def submit(incubation: Incubation, *, step: int, by: Person, now: datetime) -> IncubationDecision:
    """The applicant sends it in."""
    decision = applying.submit(incubation, step=step, by=by, now=now)
    messages.tell_moved(incubation, decision, by=by, now=now)
    return decision


def take_back(incubation: Incubation, *, step: int, reason: str, by: Person, now: datetime) -> IncubationDecision:
    """The applicant gives it up."""
    decision = applying.take_back(incubation, step=step, reason=reason, by=by, now=now)
    messages.tell_moved(incubation, decision, by=by, now=now)
    return decision


def ask_again(incubation: Incubation, *, step: int, reason: str, by: Person, now: datetime) -> IncubationDecision:
    """The applicant asks for another look at a refusal."""
    decision = applying.ask_again(incubation, step=step, reason=reason, by=by, now=now)
    messages.tell_moved(incubation, decision, by=by, now=now)
    return decision


def give_to(incubation: Incubation, owner: Person, *, by: Person, now: datetime) -> None:
    """Say who of the staff has it; they hear of it."""
    hand_to(incubation, owner, due_on=None, by=by)
    messages.tell_owner(incubation, by=by, now=now)


def open_review(incubation: Incubation, panel: Panel, *, by: Person, now: datetime) -> IncubationReview:
    """Seat a panel; its reviewers hear of it."""
    review = panels.open_review(incubation, panel, by=by, now=now)
    messages.tell_seated(review, panels.seats_of(review), by=by, now=now)
    return review


def fill_up(review: IncubationReview, person: Person | None, *, by: Person, now: datetime) -> PanelSeat:
    """Seat one more; they hear of it."""
    seat = panels.fill_up(review, person, by=by, now=now)
    messages.tell_seated(review, [seat], by=by, now=now)
    return seat


def declare_interest(seat: PanelSeat, kind: InterestKind, words: str, *, by: Person, now: datetime) -> None:
    """A reviewer declares an interest; whoever has the organisation hears where the panel is too small now."""
    if sheets.declare(seat, kind, words, by=by, now=now):
        messages.tell_short(panels.get_review(seat.review_id), by=by, now=now)


def declare_own(incubation: Incubation, kind: InterestKind, words: str, *, by: Person, now: datetime) -> None:
    """Somebody of the staff declares an interest; where they sit on the panel, they leave it, too."""
    interests.declare(by, incubation.organisation, kind, note=words, by=by, now=now)
    note(Act.INTEREST_RECORDED, incubation.organisation, person_id=by.id, by=by)
    review = panels.latest_review(incubation)
    if review is not None and review.minutes_at is None and panels.is_short(review):
        messages.tell_short(review, by=by, now=now)


def sign(seat: PanelSeat, given: Given, *, by: Person, now: datetime) -> ReviewScore:
    """A reviewer signs; after the last one whoever has the organisation hears of it."""
    score = sheets.sign(seat, given, by=by, now=now)
    if sheets.is_complete(seat.review):
        messages.tell_scored(seat.review, by=by, now=now)
    return score


def object_to(
    publication: Publication, said: Objecting, *, person: Person | None, at_desk_by: Person | None, now: datetime
) -> Objection:
    """Somebody objects; whoever has the organisation hears of it."""
    objection = publishing.object_to(publication, said, person=person, at_desk_by=at_desk_by, now=now)
    messages.tell_objected(objection, by=at_desk_by or person, now=now)
    return objection


def answer_objection(objection: Objection, words: str, *, is_upheld: bool, by: Person, now: datetime) -> None:
    """Answer an objection; who was signed in reads the answer."""
    publishing.answer(objection, words, is_upheld=is_upheld, by=by, now=now)
    messages.tell_answered(objection, by=by, now=now)


def _with_letter(ruling: Ruling) -> Ruling:
    return Ruling(
        to_stage=ruling.to_stage,
        step=ruling.step,
        reason=ruling.reason,
        document=ruling.document,
        owner_id=ruling.owner_id,
        due_on=ruling.due_on,
        has_letter=writing.has_letter(ruling.to_stage),
    )


def _take_in(incubation: Incubation, *, by: Person, now: datetime) -> None:
    """Who applied leads the organisation from now on, unless they do already."""
    today, person = local_date(now), incubation.applicant
    if not is_lead(person.id, incubation.organisation_id, on=today):
        organisations.add_member(
            incubation.organisation, person=person, role=MemberRole.LEAD, starts_on=today, ends_on=None, by=by
        )
