"""Who is told of what happens in a troupe."""

from collections.abc import Iterable
from datetime import datetime

from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import say_desk
from center.organisations.queries import leads_of
from center.people.models import Person
from center.troupes import queries
from center.troupes.members import news
from center.troupes.models.troupes import Handover, MemberEvent, Troupe, TroupeEnding, TroupeMember, TroupeOffice
from center.troupes.words import OFFICE_NAMES, STATE_NAMES


def leads_for(troupe: Troupe, now: datetime) -> Iterable[Person]:
    """Who decides in a troupe: its leader and deputies, or where there are none the leads of its organisation."""
    today = local_date(now)
    found = [each.member.person for each in queries.offices_on(troupe.id, today)]
    return found or leads_of(troupe.organisation_id, on=today)


def tell_of_application(member: TroupeMember, *, by: Person, now: datetime) -> None:
    """Those who decide hear that somebody asks to join."""
    troupe = member.troupe
    facts = {"person": member.person.name, "troupe": lambda: _called(troupe), "wish": member.words}
    path = path_to("troupes.lead_member", slug=troupe.slug, member_id=member.id)
    for each in leads_for(troupe, now):
        key = f"troupe_member:{member.id}:applied:{each.id}"
        about = f"troupe_member:{member.id}"
        outbox.tell(
            each, news.APPLIED, key=key, facts=facts | {"name": each.name}, path=path, about=about, by=by, now=now
        )


def tell_of_step(member: TroupeMember, event: MemberEvent, *, by: Person, now: datetime) -> None:
    """A member hears what was decided of them; those who lead hear what a member said themselves."""
    troupe, about = member.troupe, f"troupe_member:{member.id}"
    said = {
        "troupe": lambda: _called(troupe),
        "state": lambda: str(STATE_NAMES[event.became]),
        "reason": event.reason,
    }
    key = f"{about}:{event.id}"
    if by.id != member.person_id:
        facts = said | {"name": member.person.name, "desk": say_desk}
        path = path_to("troupes.mine")
        outbox.tell(member.person, news.STANDS, key=key, facts=facts, path=path, about=about, by=by, now=now)
        return
    path = path_to("troupes.lead_member", slug=troupe.slug, member_id=member.id)
    for each in leads_for(troupe, now):
        if each.id != by.id:
            facts = said | {"name": each.name, "person": member.person.name}
            outbox.tell(each, news.GOES, key=f"{key}:{each.id}", facts=facts, path=path, about=about, by=by, now=now)


def tell_of_office(
    office: TroupeOffice, others: Iterable[Person], *, sheet: Handover | None = None, by: Person, now: datetime
) -> None:
    """Whoever leads from now on hears of it, and who led before, with the sheet that one hands to the other."""
    troupe, person = office.member.troupe, office.member.person
    facts = {
        "person": person.name,
        "troupe": lambda: _called(troupe),
        "leads_as": lambda: str(OFFICE_NAMES[office.office]),
        "when": lambda: format_day(office.starts_on),
        "desk": say_desk,
    }
    about, path = f"troupe_office:{office.id}", path_to("troupes.lead", slug=troupe.slug)
    if sheet is not None:
        path = path_to("troupes.handover", slug=troupe.slug, handover_id=sheet.id)
    for each in {person.id: person, **{other.id: other for other in others}}.values():
        key = f"{about}:{each.id}"
        outbox.tell(
            each, news.OFFICE, key=key, facts=facts | {"name": each.name}, path=path, about=about, by=by, now=now
        )


def tell_of_end(
    troupe: Troupe, ending: TroupeEnding, members: Iterable[TroupeMember], *, by: Person, now: datetime
) -> None:
    """Whoever is in a troupe hears that it has ended, and why; or that it goes on after all."""
    kind = news.ENDED if ending.back_at is None else news.GOES_ON
    facts = {"troupe": lambda: _called(troupe), "reason": ending.reason, "desk": say_desk}
    about, path = f"troupe:{troupe.id}", path_to("troupes.show", slug=troupe.slug)
    for each in members:
        if each.person_id != by.id:
            key = f"troupe_ending:{ending.id}:{kind.name}:{each.person_id}"
            said = facts | {"name": each.person.name}
            outbox.tell(each.person, kind, key=key, facts=said, path=path, about=about, by=by, now=now)


def _called(troupe: Troupe) -> str:
    return in_language(troupe.name, troupe.name_en)
