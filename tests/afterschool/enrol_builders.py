"""Builders of applications: what a guardian says of a child for a term, as the form would say it."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Term
from center.afterschool.places import consents, enrolling
from center.afterschool.places.consents import PURPOSES, Hand
from center.afterschool.places.enrolling import Application
from center.afterschool.terms import rulebook
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Person
from center.signups.models import Channel, Mode
from center.signups.rosters import RosterFacts
from tests.afterschool.builders import make_term
from tests.builders import at


def lottery_term(*, closes_at: datetime | None = None, **facts: Any) -> Term:
    """A term whose places are drawn, by default tomorrow at eight."""
    days = [at(12, days=n).date() for n in range(3, 20) if at(12, days=n).weekday() < 5]
    return make_term(days=days, roster=RosterFacts(mode=Mode.LOTTERY, closes_at=closes_at or at(8)), **facts)


def hand_of(guardian: Person, by: Person | None = None) -> Hand:
    """A guardian's own hand, or that of a clerk who types in their paper."""
    return Hand(guardian=guardian, by=by or guardian, means=Means.PAPER if by else Means.ACCOUNT)


def application(
    term: Term, *, agrees: Collection[Purpose] = PURPOSES, reasons: Collection[Priority] = (), **facts: Any
) -> Application:
    """An application that agrees to everything, of the term's first school."""
    rules = rulebook.latest(term.id)
    assert rules is not None
    known: dict[str, Any] = {
        "school_id": enrolling.schools_of(term)[0].id,
        "school_class": "三(2)班",
        "consents": {each: each in agrees for each in PURPOSES},
        "versions": {each: text.version for each, text in consents.texts_now().items()},
        "reasons": reasons,
        "rules_id": rules.id,
    }
    return Application(**{**known, **facts})


def apply_for(
    term: Term, child: Person, guardian: Person, *, by: Person | None = None, key: str = "", **facts: Any
) -> Enrolment:
    """A child's application, by a guardian or (`by`) typed in at the desk."""
    with transaction():
        return enrolling.apply(
            term,
            child,
            application(term, **facts),
            hand=hand_of(guardian, by),
            channel=Channel.DESK if by else Channel.ONLINE,
            request_key=key or secrets.token_hex(16),
            now=clock.now(),
        )
