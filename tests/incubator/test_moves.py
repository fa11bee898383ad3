"""What applicants, staff and reviewers do, from an application to an organisation in the incubator."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from center.incubator import moves
from center.incubator.letters import writing
from center.incubator.models.house_rules import COLUMNS
from center.incubator.models.incubations import DocumentKind, Incubation, IncubationForm, IncubationStage
from center.incubator.models.interests import InterestKind
from center.incubator.models.publications import Publication
from center.incubator.publication import publishing
from center.incubator.publication.publishing import Objecting
from center.incubator.queries import decisions_of, replaced_since
from center.incubator.reviews import criteria, panels, sheets
from center.incubator.reviews.panels import Panel
from center.incubator.reviews.sheets import Given
from center.incubator.stages import applying, house_rules, interests, papers
from center.incubator.stages.applying import ApplicationFacts, NewOrganisation
from center.incubator.stages.deciding import Ruling
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, Forbidden, RuleBroken
from center.notices.models import Notice
from center.organisations.models import OrganisationKind, Stage
from center.organisations.queries import is_lead
from center.people.models import Person
from tests.builders import ZONE, make_organisation, make_person
from tests.engines import ONE_ENGINE
from tests.incubator.builders import PDF, make_document, make_incubation
from tests.incubator.review_builders import make_criteria, make_publication, make_review

STAGE = IncubationStage
FACTS = ApplicationFacts(purpose="帮老人买菜", founders=2, members=12)
pytestmark = pytest.mark.usefixtures("app")


@ONE_ENGINE
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({"purpose": ""}, "purpose", id="without a purpose"),
        pytest.param({"founders": 1}, "founders", id="with one founder"),
        pytest.param({"members": 9}, "members", id="with nine members"),
    ],
)
def test_an_application_is_refused(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        _apply(ApplicationFacts(**{"purpose": "x", "founders": 2, "members": 10, **facts}))
    assert refused.value.field == field


@ONE_ENGINE
def test_an_organisation_applies_once_at_a_time_and_is_not_listed_before_it_is_in() -> None:
    made = _apply()
    assert (made.organisation.is_listed, made.organisation.stage) == (False, Stage.APPLIED)
    with pytest.raises(Conflict), transaction():
        applying.start(made.organisation, IncubationForm.REAL, FACTS, by=made.applicant, now=clock.now())


@ONE_ENGINE
def test_it_is_not_sent_in_before_its_papers_are_there() -> None:
    made = _apply()
    with pytest.raises(RuleBroken, match=r"Charter|章程"), transaction():
        moves.submit(made, step=0, by=made.applicant, now=clock.now())
    _papers(made)
    with transaction():
        moves.submit(made, step=0, by=made.applicant, now=clock.now())
    assert made.stage is STAGE.SUBMITTED
    with pytest.raises(Conflict), transaction():
        applying.edit(made, IncubationForm.VIRTUAL, FACTS)
    with pytest.raises(Conflict), transaction():
        _paper(made, DocumentKind.PLAN, PDF + b"%")


def test_of_two_who_move_it_at_once_the_second_is_told() -> None:
    made, first, second = make_incubation(stage=STAGE.SCREENING), make_person(), make_person()
    step = made.step
    _move(made, STAGE.REVIEW, step=step, by=first)
    with pytest.raises(Conflict):
        _move(made, STAGE.REFUSED, step=step, by=second, reason="不符")
    assert made.stage is STAGE.REVIEW


def test_whoever_has_an_interest_does_not_decide() -> None:
    made, director = make_incubation(stage=STAGE.SCREENING), make_person()
    with transaction():
        interests.declare(director, made.organisation, InterestKind.FUNDED, by=director, now=clock.now())
    with pytest.raises(Forbidden):
        _move(made, STAGE.REVIEW, by=director)
    lead = db.session.get_one(Person, made.applicant_id)
    with pytest.raises(Forbidden):
        _move(made, STAGE.REVIEW, by=lead)
    assert made.stage is STAGE.SCREENING


@ONE_ENGINE
def test_a_deadline_follows_the_working_days_of_the_settings_and_those_set_before_stay() -> None:
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=ZONE), tick=False):  # a Wednesday
        first, second = (make_incubation(stage=STAGE.SUBMITTED) for _n in range(2))
        _move(first, STAGE.SCREENING)
        director, days = make_person(), {COLUMNS[STAGE.SCREENING]: 3}
        with transaction():
            house_rules.change(days, house_rules.house_rules().over_hours, by=director)
        _move(second, STAGE.SCREENING)
        assert [each.due_on for each in (first, second)] == [date(2026, 12, 2), date(2026, 11, 30)]


@ONE_ENGINE
def test_a_decision_says_why_until_when_and_by_which_letter() -> None:
    made, director = make_incubation(stage=STAGE.SUBMITTED), make_person()
    with pytest.raises(RuleBroken) as refused:
        _move(made, STAGE.RETURNED, by=director)
    assert refused.value.field == "reason"
    _move(made, STAGE.RETURNED, by=director, reason="章程缺第三页")
    other = make_incubation(stage=STAGE.SCREENING)
    _move(other, STAGE.REFUSED, by=director, reason="人数不足")
    first, second = decisions_of(made)[0], decisions_of(other)[0]
    assert second.letter_number == first.letter_number + 1  # type: ignore[operator]
    letter = writing.letters_of(made).get(first.id)
    assert letter is not None
    assert "章程缺第三页" in letter.body
    assert first.next_due_on is not None
    assert first.next_due_on > clock.today(ZONE)
    told = db.session.scalars(select(Notice).where(Notice.person_id == made.applicant_id)).all()
    assert any("章程缺第三页" in each.body for each in told)


@ONE_ENGINE
def test_a_letter_is_a_document_of_word_with_whatever_somebody_wrote_as_text() -> None:
    from io import BytesIO

    from docx import Document

    made = make_incubation(stage=STAGE.SUBMITTED)
    _move(made, STAGE.RETURNED, reason="缺 <b>章程</b> & {{ centre }}\n第二行")
    letter = writing.letters_of(made).get(decisions_of(made)[0].id)
    assert letter is not None
    text = "\n".join(each.text for each in Document(BytesIO(writing.document(letter))).paragraphs)
    assert "<b>章程</b> & {{ centre }}\n第二行" in text
    assert "{{ title }}" not in text


@ONE_ENGINE
def test_a_paper_put_in_after_the_decision_is_seen_by_its_hash() -> None:
    made = make_incubation(stage=STAGE.SUBMITTED)
    make_document(made, DocumentKind.CHARTER)
    _move(made, STAGE.SCREENING)
    decision = decisions_of(made)[0]
    assert replaced_since(decision, papers.latest_of(made)) == []
    make_document(made, DocumentKind.CHARTER, content=PDF + b"%")
    assert [each.version for each in replaced_since(decision, papers.latest_of(made))] == [2]


@ONE_ENGINE
@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html>", b"PK\x03\x04 no archive", b"%PD"])
def test_a_file_of_another_kind_is_refused_whatever_it_is_called(content: bytes) -> None:
    made = make_incubation(stage=STAGE.DRAFT)
    with pytest.raises(RuleBroken) as refused, transaction():
        papers.add(
            made, DocumentKind.PLAN, name="x.pdf", content=content, by=made.applicant, by_staff=False, now=clock.now()
        )
    assert refused.value.field == "file"


@ONE_ENGINE
def test_a_file_is_called_by_what_it_is() -> None:
    assert papers.name_of("../../etc/章程.exe", papers.sort_of(PDF)) == "章程.pdf"
    assert papers.name_of("", papers.sort_of(b"\xff\xd8\xff\xe0")) == "file.jpg"
    with pytest.raises(RuleBroken):
        papers.sort_of(PDF + b" " * papers.MOST_BYTES)


@ONE_ENGINE
def test_a_panel_is_drawn_from_those_without_an_interest_and_can_be_drawn_again() -> None:
    made, pool, director = make_incubation(stage=STAGE.REVIEW), _pool(5), make_person()
    make_criteria()
    with transaction():
        interests.declare(pool[0], made.organisation, InterestKind.FAMILY, by=director, now=clock.now())
        review = moves.open_review(made, Panel(size=3), by=director, now=clock.now())
    seated = [str(seat.person_id) for seat in panels.seats_of(review)]
    assert seated == panels.drawn_again(review)[:3]
    assert str(pool[0].id) not in review.pool.split()
    with pytest.raises(Conflict), transaction():
        moves.open_review(made, Panel(size=3), by=director, now=clock.now())


@ONE_ENGINE
def test_no_panel_is_smaller_than_three() -> None:
    made, director = make_incubation(stage=STAGE.REVIEW), make_person()
    make_criteria()
    _pool(2)
    with pytest.raises(RuleBroken), transaction():
        moves.open_review(made, Panel(size=3), by=director, now=clock.now())


def test_nobody_reads_the_others_before_their_own_is_signed() -> None:
    made = make_incubation(stage=STAGE.REVIEW)
    people = [make_person() for _n in range(3)]
    review = make_review(made, people)
    _sign(review, people[0], 9)
    seat = sheets.seat_of(review, people[1].id)
    assert sheets.readable(review, seat) == []
    with transaction():
        sheets.save_draft(sheets.seat_of(review, people[1].id), _given(review, 5), by=people[1], now=clock.now())
    assert sheets.readable(review, seat) == []
    _sign(review, people[1], 5)
    assert [score.person_id for score in sheets.readable(review, seat)] == [people[0].id]
    with pytest.raises(Conflict):
        _sign(review, people[1], 6)


def test_an_interest_declared_after_signing_voids_the_sheet_and_the_next_of_the_draw_may_sit() -> None:
    made, director, owner = make_incubation(stage=STAGE.REVIEW), make_person(), make_person()
    make_criteria()
    _pool(4)
    with transaction():
        moves.give_to(made, owner, by=director, now=clock.now())
        review = moves.open_review(made, Panel(size=3), by=director, now=clock.now())
    people = [seat.person for seat in panels.seats_of(review)]
    for person in people:
        with transaction():
            sheets.say_free(sheets.seat_of(review, person.id), by=person, now=clock.now())
        _sign(review, person, 8)
    with transaction():
        moves.declare_interest(
            sheets.seat_of(review, people[0].id), InterestKind.FUNDED, "", by=people[0], now=clock.now()
        )
    assert panels.is_short(review)
    assert [each.person_id for each in panels.counted(review)] == [people[1].id, people[2].id]
    assert "missing" in _last_told(owner) or "缺" in _last_told(owner)
    with pytest.raises(RuleBroken), transaction():
        panels.say_minutes(review, "会议", by=director, now=clock.now())
    with transaction():
        fourth = moves.fill_up(review, None, by=director, now=clock.now()).person
        sheets.say_free(sheets.seat_of(review, fourth.id), by=fourth, now=clock.now())
    _sign(review, fourth, 7)
    with transaction():
        panels.say_minutes(review, "会议", by=director, now=clock.now())
    _move(made, STAGE.PUBLISHED, by=director, result="拟同意入驻")
    assert made.stage is STAGE.PUBLISHED


@ONE_ENGINE
def test_scoring_waits_for_the_word_that_there_is_no_interest_and_ends_with_the_minutes() -> None:
    made = make_incubation(stage=STAGE.REVIEW)
    people = [make_person() for _n in range(4)]
    review = make_review(made, people)
    seat = sheets.seat_of(review, people[3].id)
    with transaction():
        seat.declared_at = None
    with pytest.raises(RuleBroken):
        _sign(review, people[3], 5)
    for person in people[:3]:
        _sign(review, person, 8)
    with transaction():
        panels.say_minutes(review, "会议", by=make_person_here(), now=clock.now())
    with pytest.raises(Conflict), transaction():
        sheets.say_free(sheets.seat_of(review, people[3].id), by=people[3], now=clock.now())


@ONE_ENGINE
def test_an_objection_is_answered_with_a_reason_and_may_lead_to_another_review() -> None:
    made, director, neighbour = make_incubation(stage=STAGE.PUBLISHED), make_person(), make_person()
    publication = make_publication(made.decisions[-1], days_ago=1)
    said = Objecting(name="某居民", contact="19900000009", words="负责人不实")
    with transaction():
        objection = moves.object_to(publication, said, person=neighbour, at_desk_by=None, now=clock.now())
    with pytest.raises(DomainError):
        _move(made, STAGE.SIGNING, by=director)
    with pytest.raises(RuleBroken), transaction():
        moves.answer_objection(objection, "", is_upheld=True, by=director, now=clock.now())
    with transaction():
        moves.answer_objection(objection, "属实，重新评审", is_upheld=True, by=director, now=clock.now())
    assert "属实" in _last_told(neighbour)
    with pytest.raises(Conflict), transaction():
        moves.answer_objection(objection, "x", is_upheld=False, by=director, now=clock.now())
    _move(made, STAGE.REVIEW, by=director, reason="异议属实")
    assert not publishing.is_open(publication, now=clock.now())
    assert publishing.current(now=clock.now()) == []


@ONE_ENGINE
def test_the_clock_of_a_publication_runs_to_the_end_of_its_last_working_day() -> None:
    made, director = make_incubation(stage=STAGE.REVIEW), make_person()
    from tests.incubator.review_builders import make_reviewed

    make_reviewed(made)
    _move(made, STAGE.PUBLISHED, by=director, result="拟同意入驻")
    publication = db.session.scalars(select(Publication)).one()
    assert publication.last_on == made.due_on
    assert publication.ends_at.astimezone(ZONE).date() == publication.last_on + timedelta(days=1)
    assert publishing.is_open(publication, now=publication.ends_at - timedelta(seconds=1))
    assert not publishing.is_open(publication, now=publication.ends_at)


@ONE_ENGINE
def test_whoever_applied_leads_the_organisation_once_it_is_in() -> None:
    made, director = _apply(), make_person()
    _papers(made)
    with transaction():
        moves.submit(made, step=0, by=made.applicant, now=clock.now())
    other = make_incubation(
        stage=STAGE.SIGNING, organisation=make_organisation(is_listed=False), applicant=make_person()
    )
    _move(other, STAGE.INCUBATING, by=director)
    assert other.organisation.is_listed
    assert is_lead(other.applicant_id, other.organisation_id, on=clock.today(ZONE))
    assert not is_lead(made.applicant_id, made.organisation_id, on=clock.today(ZONE))


@ONE_ENGINE
def test_who_was_refused_may_ask_for_another_look() -> None:
    made = make_incubation(stage=STAGE.REFUSED)
    with pytest.raises(RuleBroken), transaction():
        moves.ask_again(made, step=made.step, reason="", by=made.applicant, now=clock.now())
    with transaction():
        moves.ask_again(made, step=made.step, reason="人数已足", by=made.applicant, now=clock.now())
    assert made.stage is STAGE.RECONSIDERED


def _apply(facts: ApplicationFacts = FACTS) -> Incubation:
    person = make_person()
    new = NewOrganisation(name=f"{person.name}助老队", name_en="", kind=OrganisationKind.CHARITY, about="")
    with transaction():
        return applying.start(new, IncubationForm.REAL, facts, by=person, now=clock.now())


def _papers(incubation: Incubation) -> None:
    for kind in papers.NEEDED:
        with transaction():
            _paper(incubation, kind)


def _paper(incubation: Incubation, kind: DocumentKind, content: bytes = PDF) -> None:
    who = {"by": incubation.applicant, "by_staff": False, "now": clock.now()}
    papers.add(incubation, kind, name="a.pdf", content=content, **who)  # type: ignore[arg-type]


def _move(
    incubation: Incubation, to_stage: IncubationStage, *, by: Person | None = None, step: int | None = None, **more: Any
) -> None:
    result, by = more.pop("result", ""), by or make_person()
    ruling = Ruling(to_stage=to_stage, step=incubation.step if step is None else step, **more)
    with transaction():
        moves.move(incubation, ruling, by=by, now=clock.now(), result=result)


def _pool(number: int) -> list[Person]:
    people, by = [make_person() for _n in range(number)], make_person()
    with transaction():
        for person in people:
            criteria.add_reviewer(person, "社会工作", starts_on=date(2020, 1, 1), by=by)
    return people


def _given(review: Any, points: int) -> Given:
    asked = [criterion.id for criterion in review.version.criteria]
    return Given(points=dict.fromkeys(asked, points), words={}, is_for=True, remark="")


def _sign(review: Any, person: Person, points: int) -> None:
    with transaction():
        seat = sheets.seat_of(review, person.id)
        moves.sign(seat, _given(review, points), by=person, now=clock.now())


def make_person_here() -> Person:
    """Somebody, made within the transaction that is open."""
    person = Person(name="主任", sort_key="zhu ren", initials="zr", created_at=clock.now())
    db.session.add(person)
    db.session.flush()
    return person


def _last_told(person: Person) -> str:
    query = select(Notice).where(Notice.person_id == person.id).order_by(Notice.id.desc()).limit(1)
    notice = db.session.scalars(query).one()
    return f"{notice.subject}\n{notice.body}"
