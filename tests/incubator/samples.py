"""What addresses of the incubator lead to: a partner with a day of service, an entry in the register, a filing."""

from typing import Any

from center.activities.models import Activity
from center.incubator.models.filings import ActivityFiling
from center.incubator.models.partners import Partner, PartnerKind, ServiceDay, ServiceTurn
from center.incubator.models.registration import Registration
from center.incubator.registration.rules import last_day
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import local_date
from center.organisations.models import Organisation, Stage
from center.people.models import Person
from tests.builders import make_person


def of_the_incubator(organisation: Organisation, activity: Activity, by: Person) -> dict[str, Any]:
    """The ids, by the names they have in addresses. The organisation is in the incubator from now on."""
    helper, now = make_person(), clock.now()
    today = local_date(now)
    with transaction() as session:
        here = session.get_one(Organisation, organisation.id)
        here.stage = here.stage or Stage.INCUBATING
        partner = Partner(kind=PartnerKind.UNIT, name=f"第{organisation.id}税务所", offers="送法上门")
        session.add(partner)
        session.flush()
        day = ServiceDay(partner_id=partner.id, on_date=today, what="义诊", written_by_id=by.id, written_at=now)
        filing = ActivityFiling(
            activity_id=activity.id,
            first_on=today,
            what="讲座",
            people=20,
            answers="李师傅",
            filed_by_id=by.id,
            filed_at=now,
        )
        entry = Registration(
            organisation_id=organisation.id,
            number=f"备{organisation.id}",
            starts_on=today,
            valid_until=last_day(today),
            founders=2,
            members=12,
            entered_by_id=by.id,
            entered_at=now,
        )
        session.add_all([day, filing, entry])
        session.flush()
        turn = ServiceTurn(day_id=day.id, person_id=helper.id, minutes=90)
        session.add(turn)
        session.flush()
        return {
            "partner_id": partner.id,
            "service_day_id": day.id,
            "turn_id": turn.id,
            "registration_id": entry.id,
            "filing_id": filing.id,
            "filed_day": activity.sessions[0].local_day.isoformat(),
        }
