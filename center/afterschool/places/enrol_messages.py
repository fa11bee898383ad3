"""Who hears what of a child's place and record: every guardian, but for whoever did it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from center.afterschool import words
from center.afterschool.models.consents import Purpose
from center.afterschool.models.enrolments import PriorityClaim
from center.afterschool.places import enrol_news
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.people import acting
from center.people.masking import masked_name
from center.people.models import Person


def tell_changed(
    child: Person, what: Callable[[], str], *, by: Person, now: datetime, guardian: Person | None = None
) -> None:
    """The guardians hear that something of the child's record is another now; `guardian` said so to staff (`by`)."""
    facts = {"what": what, "by": said_by(by, guardian)}
    _tell(child, enrol_news.RECORD_CHANGED, facts, by=by, now=now)


def tell_consent_given(child: Person, purpose: Purpose, *, by: Person, guardian: Person, now: datetime) -> None:
    """The guardians hear that one of them agreed to something on paper."""
    what = lambda: _("a consent was given on paper: %(what)s", what=words.PURPOSES[purpose])  # noqa: E731
    tell_changed(child, what, by=by, guardian=guardian, now=now)


def tell_consent_revoked(child: Person, purpose: Purpose, *, by: Person, guardian: Person, now: datetime) -> None:
    """The other guardians hear that a consent was taken back; all of them where staff wrote it down."""
    what = lambda: _("a consent was taken back: %(what)s", what=words.PURPOSES[purpose])  # noqa: E731
    tell_changed(child, what, by=by, guardian=guardian, now=now)


def said_by(by: Person, guardian: Person | None) -> str | Callable[[], str]:
    """Whose word it was, as guardians read it: their own, or a guardian's that staff wrote down."""
    if guardian is None or guardian.id == by.id:
        return by.name
    name = guardian.name
    return lambda: _("%(name)s, written down by staff", name=name)


def tell_decided(claim: PriorityClaim, *, by: Person, now: datetime) -> None:
    """The guardians hear what was decided of a reason for priority, and why."""
    why, accepted = claim.decided_why, claim.is_accepted
    facts = {
        "what": lambda: str(words.PRIORITIES[claim.reason]),
        "reason": lambda: (_("It was accepted.") if accepted else _("It was not accepted.")) + f" {why}",
    }
    _tell(claim.enrolment.child, enrol_news.PRIORITY_DECIDED, facts, by=by, now=now)


def _tell(child: Person, kind: Kind, facts: Mapping[str, Any], *, by: Person, now: datetime) -> None:
    about, path = f"child:{child.id}", path_to("children.show", person_id=child.id)
    said = {"person": masked_name(child.name), "desk": say_desk, **facts}
    for each in acting.guardians_of(child, on=local_date(now)):
        if each.guardian_id != by.id:
            key = f"{about}:{kind.name}:{now.timestamp()}:{each.guardian_id}"
            outbox.tell(each.guardian, kind, key=key, facts=said, path=path, about=about, by=by, now=now)
