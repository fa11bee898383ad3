"""What the director hears of a guardian from whom a paper has taken something."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

GUARDIAN_REFUSED = Kind(
    code="after_school.guardian_refused",
    title=_l("To the director: a guardian was refused by a bar"),
    subject=_l("Refused to %(by)s, of %(person)s: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\n%(by)s wanted, of the child %(person)s: %(what)s. By what you wrote down of them it was "
        "refused, and they were asked to speak to you."
    ),
    facts=frozenset({"name", "person", "by", "what"}),
    gist="%(what)s",
    calls=Calls.NEVER,
)

register(kinds_in(vars()))
