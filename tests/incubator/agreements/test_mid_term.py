"""A mid-term review goes step by step, and its result moves the organisation on."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.incubator.agreements import cards, mid_term
from center.incubator.agreements.cards import CardWords
from center.incubator.models.agreements import CardMoment, CheckWay, MidResult, MidReview
from center.incubator.models.incubations import Incubation, IncubationStage
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from tests.builders import make_organisation, make_person
from tests.engines import ONE_ENGINE
from tests.incubator.agreement_builders import today
from tests.incubator.builders import make_incubation

WORDS = CardWords(team="12人", money="账目清楚", projects="两个", party="一名党员")


def begin(incubation: Incubation) -> MidReview:
    by = make_person()
    with transaction():
        return mid_term.open_mid_term(incubation, step=incubation.step, by=by, now=clock.now())


def up_to_the_result(review: MidReview) -> None:
    by, now = make_person(), clock.now()
    with transaction():
        mid_term.report(review, "办了十场", by=by, now=now)
        mid_term.give_opinion(review, "属实", by=by, now=now)
        mid_term.check(review, CheckWay.VISIT, "现场看到", on=today(), by=by, now=now)


@ONE_ENGINE
def test_no_step_is_taken_before_its_turn(app: Flask) -> None:
    lead, by, now = make_person(), make_person(), clock.now()
    incubation = make_incubation(organisation=make_organisation(leads=[lead]), applicant=lead)
    review = begin(incubation)
    assert incubation.stage is IncubationStage.MID_REVIEW
    assert "agreements.report" in db.session.scalars(select(Notice.kind).where(Notice.person_id == lead.id)).all()
    with pytest.raises(Conflict):
        begin(incubation)
    with pytest.raises(Conflict), transaction():
        mid_term.give_opinion(review, "好", by=by, now=now)
    with pytest.raises(Conflict), transaction():
        mid_term.check(review, CheckWay.CALL, "好", on=today(), by=by, now=now)
    with pytest.raises(Conflict), transaction():
        mid_term.close(review, MidResult.GOES_ON, reason="", step=incubation.step, by=by, now=now)


def test_the_database_holds_the_order_of_the_steps(app: Flask) -> None:
    review = begin(make_incubation())
    for name, value in (("opinion", "好"), ("check_way", CheckWay.CALL), ("result", MidResult.GOES_ON)):
        with pytest.raises(IntegrityError), transaction():
            setattr(db.session.get_one(MidReview, review.id), name, value)


@ONE_ENGINE
def test_a_report_that_somebody_read_stays(app: Flask) -> None:
    by, now = make_person(), clock.now()
    review = begin(make_incubation())
    for words in ("第一稿", "第二稿"):
        with transaction():
            mid_term.report(review, words, by=by, now=now)
    with transaction():
        mid_term.give_opinion(review, "属实", by=by, now=now)
    with pytest.raises(Conflict), transaction():
        mid_term.report(review, "第三稿", by=by, now=now)
    assert review.report == "第二稿"


@ONE_ENGINE
def test_whoever_graduates_has_a_card_of_what_it_can_do(app: Flask) -> None:
    by, now = make_person(), clock.now()
    incubation = make_incubation()
    review = begin(incubation)
    up_to_the_result(review)
    with pytest.raises(RuleBroken) as refused, transaction():
        mid_term.close(review, MidResult.GRADUATES, reason="", step=incubation.step, by=by, now=now)
    assert refused.value.field == "result"
    with transaction():
        cards.write_card(incubation, CardMoment.EXIT, WORDS, by=by, now=now)
    with transaction():
        mid_term.close(review, MidResult.GRADUATES, reason="", step=incubation.step, by=by, now=now)
    assert incubation.stage is IncubationStage.GRADUATED
    with pytest.raises(Conflict), transaction():
        cards.write_card(incubation, CardMoment.EXIT, WORDS, by=by, now=now)


@ONE_ENGINE
def test_an_extension_needs_a_reason_and_nothing_is_lost_when_it_is_refused(app: Flask) -> None:
    by, now = make_person(), clock.now()
    incubation = make_incubation()
    review = begin(incubation)
    up_to_the_result(review)
    with pytest.raises(RuleBroken), transaction():
        mid_term.close(review, MidResult.EXTENDED, reason="", step=incubation.step, by=by, now=now)
    db.session.rollback()
    assert db.session.get_one(MidReview, review.id).closed_at is None
    with transaction():
        mid_term.close(review, MidResult.EXTENDED, reason="项目未完成", step=incubation.step, by=by, now=now)
    assert incubation.stage is IncubationStage.EXTENDED
