"""What people are told about feedback: they are asked once, and the director's answer to a complaint is there."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Kind, kinds_in, register

ASKED = Kind(
    code="feedback.asked",
    title=_l("How was it? After a session"),
    subject=_l("How was it? %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthank you for coming to “%(title)s” (%(when)s%(whom)s). Will you answer three short "
        "questions? You need not sign in. Your name is not kept with the answer unless you wish it. "
        "We ask once, until %(until)s.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "title", "when", "whom", "until", "desk"}),
    asks=True,
)
COMPLAINT_SENT = Kind(
    code="feedback.complaint_sent",
    title=_l("A complaint, to the director"),
    subject=_l("Somebody wrote to the director"),
    body=_l("Hello %(name)s,\n\na complaint waits for you. Only directors read it, on the page this message leads to."),
    facts=frozenset({"name"}),
)
COMPLAINT_ANSWERED = Kind(
    code="feedback.complaint_answered",
    title=_l("The director's answer to a complaint"),
    subject=_l("The director has answered you"),
    body=_l("Hello %(name)s,\n\nthe director has answered what you wrote on %(day)s. You can read it now.\n\n%(desk)s"),
    facts=frozenset({"name", "day", "desk"}),
)
register(kinds_in(vars()))
