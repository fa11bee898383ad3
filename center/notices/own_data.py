"""What the tables of messages hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.models import (
    Ask,
    ContactPreference,
    Delivery,
    EmailToVerify,
    Notice,
    NoticeTopic,
    OutgoingAddress,
    OwnWords,
)
from center.notices.words import ASKED_FOR
from center.people.parts import AT, GOES, NOTE, Part

PARTS = (
    Part(
        model=ContactPreference,
        title=_l("How they are reached"),
        mine=("person_id",),
        acted=("changed_by_id",),
        says={"withdrawn_at": _l("Wants no messages since"), "changed_at": _l("Changed")},
        erasing=GOES,
    ),
    Part(
        model=Notice,
        title=_l("Messages to them"),
        mine=("person_id",),
        withheld=frozenset({"key"}),
        says={"recorded_at": AT, "subject": _l("Subject"), "body": _l("Text"), "read_at": _l("Read")},
        erasing=GOES,
    ),
    Part(
        model=EmailToVerify,
        title=_l("E-mail address that is not proved yet"),
        mine=("person_id",),
        says={"address": _l("Address"), "asked_at": AT},
        erasing=GOES,
    ),
    Part(model=NoticeTopic, title=_l("What messages are about"), through="notice_id", erasing=GOES),
    Part(
        model=Delivery,
        title=_l("How messages went out"),
        through="notice_id",
        acted=("settled_by_id",),
        withheld=frozenset({"leased_until", "outgoing_id"}),
        says={"notice_id": _l("Message"), "address": _l("Address"), "due_at": AT, "settled_at": _l("Told")},
        erasing=GOES,
    ),
    Part(
        model=Ask,
        title=_l("What they asked of the desk"),
        mine=("person_id",),
        through="delivery_id",
        acted=("asked_by_id", "settled_by_id"),
        says={
            "asked_at": AT,
            "what": _l("What"),
            "note": NOTE,
            "settled_at": _l("Settled"),
            "is_refused": _l("Refused"),
            "answer": _l("Answer"),
        },
        words={"what": ASKED_FOR},
        erasing=GOES,
    ),
    Part(model=OutgoingAddress, title=_l("How messages go out"), acted=("changed_by_id",)),
    Part(model=OwnWords, title=_l("Words of messages"), acted=("changed_by_id",)),
)
