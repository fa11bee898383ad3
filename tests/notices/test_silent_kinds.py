"""Every kind of news reaches whoever has no account, or stands here with the reason why it need not."""

from typing import Any

import pytest

from center.notices.kinds import Calls, all_kinds
from center.notices.models import Way
from center.notices.reaching import Reach, way_out
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]

OWN_DEED = "whoever did it knows; what the desk does for them without them is told as another kind"
ON_DUTY = "whoever is on duty sees it on the page of the day, where it waits until somebody acknowledges it"
NO_DEED = "to staff groups: a group has no telephone"
TO_DECIDE = "whoever leads a troupe sees it on its page, and decides there"
LEADS = "whoever leads an organisation of the incubator has an account, and what is late stands at the desk, too"
INCUBATOR = "whoever runs the incubator has an account, and its list at the desk says so, too"
SILENT = {
    "account.confirmed": "is about an account",
    "activity.submitted": OWN_DEED,
    "activity.waits": NO_DEED,
    "after_school.bars_changed": ON_DUTY,
    "after_school.duty_change": ON_DUTY,
    "after_school.duty_collectors": ON_DUTY,
    "after_school.duty_school_day": ON_DUTY,
    "after_school.guardian_refused": "the director has an account, and whoever was refused was told whom to speak to",
    "after_school.plan_noted": OWN_DEED,
    "agreements.handed": LEADS,
    "agreements.report": LEADS,
    "agreements.runs_out": LEADS,
    "booking.cancelled": OWN_DEED,
    "booking.confirmed": OWN_DEED,
    "booking.limit_lifted": "is about booking in an account; the desk booked for them all the time",
    "booking.missed": "nothing follows from it",
    "booking.moved": OWN_DEED,
    "booking.released": "it is over, and they were not there; the desk asks whoever lives alone how they are",
    "booking.reminder_soon": "two hours are too short for a round; the reminder of the evening before is told",
    "booking.request_waits": NO_DEED,
    "booking.requested": OWN_DEED,
    "feedback.asked": "sheets of paper are there for them; nobody is rung to praise or blame",
    "feedback.complaint_answered": "the director reads how to reach them, and no clerk is to know that they wrote",
    "feedback.complaint_sent": "a director has an account, and the desk says how many wait",
    "filings.filing": LEADS,
    "filings.filing_late": LEADS,
    "filings.returned": LEADS,
    "filings.summary": LEADS,
    "filings.summary_late": LEADS,
    "incubator.due": INCUBATOR,
    "incubator.objected": INCUBATOR,
    "incubator.panel_short": INCUBATOR,
    "incubator.scored": INCUBATOR,
    "incubator.yours": INCUBATOR,
    "lending.handed_out": "they hold it in their hands, and its slip says when it comes back",
    "lending.longer": "nothing is to be done by whoever does not hear it; the slip is printed anew",
    "notices.test": OWN_DEED,
    "notices.verify": OWN_DEED,
    "performances.entered": "whoever entered it has just spoken with them",
    "performances.left": TO_DECIDE,
    "performances.short": TO_DECIDE,
    "registration.quarter": LEADS,
    "registration.renew": LEADS,
    "series.booked": OWN_DEED,
    "series.cancelled": OWN_DEED,
    "series.changed": OWN_DEED,
    "series.requested": OWN_DEED,
    "sign_up.cancelled": OWN_DEED,
    "sign_up.confirmed": OWN_DEED,
    "sign_up.entered": OWN_DEED,
    "sign_up.offer_expired": "the call about the offer said until when; where it was not made staff see that",
    "sign_up.queued": OWN_DEED,
    "sign_up.reminder_soon": "two hours are too short for a round; the reminder of the evening before is told",
    "sign_up.requested": OWN_DEED,
    "staff.others_check_runs_out": "whoever runs the programme has an account, and its page says so, too",
    "staff.others_duties_lost": "whoever runs the programme has an account, and the duty roster says so, too",
    "troupes.applied": TO_DECIDE,
    "troupes.goes": TO_DECIDE,
}


def kinds() -> Any:
    return [each for each in all_kinds() if not each.code.startswith("test.")]


def test_a_kind_of_news_that_is_not_told_to_whoever_has_no_account_has_a_reason() -> None:
    assert {each.code for each in kinds() if each.calls is Calls.NEVER} == set(SILENT)


def test_what_one_did_oneself_is_marked_as_such() -> None:
    own = {code for code, why in SILENT.items() if why is OWN_DEED}
    assert {each.code for each in kinds() if each.is_asked_for} == own


def test_every_other_kind_reaches_by_phone_or_at_the_door_whoever_has_no_account() -> None:
    ways = {each.code: way_out(Reach(phone="13800000000"), each.calls) for each in kinds() if each.code not in SILENT}
    assert set(ways.values()) <= {Way.CALL, Way.VISIT}
    reminders = {each.code for each in kinds() if each.is_reminder}
    assert {code for code, way in ways.items() if way is Way.VISIT} <= reminders
