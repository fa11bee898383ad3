"""Who leads a troupe: naming and ending, with the sheet that one leader hands to the next. Never commits."""

from datetime import datetime

from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person
from center.troupes import queries
from center.troupes.members import handover, messages
from center.troupes.members.actions import end_office
from center.troupes.models.troupes import Handover, MemberState, Office, Troupe, TroupeMember, TroupeOffice
from center.troupes.policy import refuse_ended


def name_leader(
    troupe: Troupe, member: TroupeMember, *, keys: str = "", notes: str = "", by: Person, now: datetime
) -> Handover:
    """Let a member lead the troupe from today on, in place of whoever does, with the sheet of what is open.

    Both hear of it. Raises RuleBroken for whoever is not in the troupe, Conflict for who leads it already.
    """
    lock(troupe)
    lock(member)
    _check_member(troupe, member)
    today = local_date(now)
    before: TroupeOffice | None = None
    for office in queries.offices_on(troupe.id, today):
        if office.office is Office.LEADER:
            before = office
    if before is not None and before.member_id == member.id:
        raise Conflict(_l("They lead this troupe already."), field="member")
    _end_live(troupe, member, before, now)
    office = _write(troupe, member, Office.LEADER, by=by, now=now)
    sheet = Handover(
        troupe_id=troupe.id,
        from_id=before.member_id if before else None,
        to_id=member.id,
        on_date=today,
        sheet=handover.as_sheet(handover.open_things(troupe, now)),
        keys=keys,
        notes=notes,
        made_by_id=by.id,
        made_at=now,
    )
    db.session.add(sheet)
    db.session.flush()
    messages.tell_of_office(office, [before.member.person] if before else [], sheet=sheet, by=by, now=now)
    return sheet


def name_deputy(troupe: Troupe, member: TroupeMember, *, by: Person, now: datetime) -> TroupeOffice:
    """Let a member stand in for the leader; raises Conflict for who has an office already."""
    lock(troupe)
    lock(member)
    _check_member(troupe, member)
    if any(each.member_id == member.id for each in queries.offices_on(troupe.id, local_date(now))):
        raise Conflict(_l("They have an office in this troupe already."), field="member")
    office = _write(troupe, member, Office.DEPUTY, by=by, now=now)
    messages.tell_of_office(office, [], by=by, now=now)
    return office


def end_deputy(office: TroupeOffice, *, now: datetime) -> None:
    """A deputy stands in no more; a leader is only followed by another. Twice is once."""
    lock(office)
    if office.office is Office.LEADER:
        raise RuleBroken(_l("Name another leader: then the hand-over sheet is made."))
    if office.ends_on is None:
        end_office(office, today=local_date(now))


def take(sheet: Handover, *, by: Person, now: datetime) -> None:
    """The new leader says that they have what the sheet lists. Twice is once; raises RuleBroken for anybody else."""
    lock(sheet)
    member = db.session.get_one(TroupeMember, sheet.to_id)
    if member.person_id != by.id:
        raise RuleBroken(_l("Only the new leader can say that they have taken it over."))
    sheet.taken_at = sheet.taken_at or now
    db.session.flush()


def _check_member(troupe: Troupe, member: TroupeMember) -> None:
    refuse_ended(troupe)
    if member.troupe_id != troupe.id or member.state not in {MemberState.ACTIVE, MemberState.RESTING}:
        raise RuleBroken(_l("Only who is in the troupe can lead it."), field="member")


def _end_live(troupe: Troupe, member: TroupeMember, before: TroupeOffice | None, now: datetime) -> None:
    """The office of whoever led ends, and that of a deputy who leads from now on."""
    today = local_date(now)
    for office in queries.offices_on(troupe.id, today):
        if office is before or office.member_id == member.id:
            end_office(office, today=today)


def _write(troupe: Troupe, member: TroupeMember, office: Office, *, by: Person, now: datetime) -> TroupeOffice:
    made = TroupeOffice(
        troupe_id=troupe.id,
        member_id=member.id,
        office=office,
        starts_on=local_date(now),
        named_by_id=by.id,
        named_at=now,
    )
    db.session.add(made)
    db.session.flush()
    db.session.refresh(made)
    return made
