"""Who may see which page of a troupe. What is not theirs to see is not there."""

from flask import g
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, may
from center.kernel.i18n import local_date
from center.troupes import queries
from center.troupes.models.troupes import Office, Troupe, TroupeMember
from center.troupes.policy import TroupeRights
from center.web.activities.pages import led_ids


def rights_in(troupe: Troupe) -> TroupeRights:
    """How whoever is signed in stands to a troupe today; read once a request."""
    if not current_user.is_authenticated:
        return TroupeRights(troupe=troupe)
    known: dict[int, TroupeRights] = g.setdefault("troupe_standings", {})
    if troupe.id not in known:
        known[troupe.id] = _read(troupe)
    return known[troupe.id]


def own_member(slug: str) -> TroupeMember:
    """One's own place in a troupe that one is in, or asks to be in; raises NotFound."""
    found = rights_in(queries.get_troupe(slug)).member
    authorise(found is not None)
    assert found is not None
    return found


def inside(slug: str) -> TroupeRights:
    """A troupe whose members' pages one may see; raises NotFound."""
    found = rights_in(queries.get_troupe(slug))
    authorise(found.may_read)
    return found


def led(slug: str) -> Troupe:
    """A troupe that one leads, or whose organisation; raises NotFound."""
    troupe = queries.get_troupe(slug)
    authorise(rights_in(troupe).may_lead)
    return troupe


def named(slug: str) -> Troupe:
    """A troupe of which one says who leads it; raises NotFound."""
    troupe = queries.get_troupe(slug)
    authorise(rights_in(troupe).may_name)
    return troupe


def endable(slug: str) -> Troupe:
    """A troupe that one may end: its organisation's leads, and staff; raises NotFound."""
    troupe = queries.get_troupe(slug)
    authorise(may_end(troupe))
    return troupe


def may_end(troupe: Troupe) -> bool:
    """Whether one says that a troupe is no more, or goes on after all."""
    return rights_in(troupe).leads_organisation or may(Permission.EDIT_ACTIVITIES)


def _read(troupe: Troupe) -> TroupeRights:
    person_id, today = current_user.person_id, local_date(clock.now())
    own = [each.office for each in queries.offices_of_person(person_id, today) if each.troupe_id == troupe.id]
    return TroupeRights(
        troupe=troupe,
        member=queries.find_member(troupe.id, person_id),
        office=Office.LEADER if Office.LEADER in own else next(iter(own), None),
        leads_organisation=troupe.organisation_id in led_ids(),
    )
