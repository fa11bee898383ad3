"""What the tables of the after-school programme hold of a person: of a child, of its guardians, of staff."""

from center.afterschool import words
from center.afterschool.models.care import Alarm, DayNote, Incident, IncidentStep, Ring
from center.afterschool.models.consents import ChildConsent, ChildPhoto, HealthNote
from center.afterschool.models.custody import BarDecision, Custody, CustodyEvent, HeadCount, Holding, RoomCheck
from center.afterschool.models.enrolments import CallOrder, Enrolment, EnrolmentEvent, PriorityClaim
from center.afterschool.models.keeping import DeletionAsk, Dispute
from center.afterschool.models.plans import Bar, BarredRight, Collector, PickUpCode, PlanChange, WayHome
from center.afterschool.models.staff import CareDuty, ChildAccess, StaffCheck, Staffing
from center.afterschool.models.terms import SchoolChange, TermDay, TermRules
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, GOES, REASON, SINCE, UNTIL, Part, stays

DAY, WHAT = _l("Day"), _l("What")
HELD = _l("So that it can be shown who held a child at every moment; who it was is not kept")
SAID = _l("So that it can be shown what was agreed when; who it was is not kept")

OF_CHILDREN = (
    Part(
        model=Enrolment,
        title=_l("After-school programme: places"),
        mine=("child_id",),
        acted=("applied_by_id", "recorded_by_id", "ended_by_id"),
        says={"term_id": _l("Term"), "school_class": _l("Class at school"), "applied_at": AT, "ended_at": UNTIL},
        erasing=stays(HELD, empties=("school_class", "mark", "ended_reason")),
    ),
    Part(
        model=EnrolmentEvent,
        title=_l("After-school programme: what happened to places"),
        through="enrolment_id",
        acted=("by_id",),
        says={"at": AT, "what": WHAT, "reason": REASON},
        words={"what": words.ENROLMENT_CHANGES},
        erasing=stays(HELD, empties=("reason",)),
    ),
    Part(
        model=PriorityClaim,
        title=_l("After-school programme: reasons for priority"),
        through="enrolment_id",
        acted=("decided_by_id",),
        says={"reason": REASON, "is_accepted": _l("Accepted"), "decided_at": AT},
        words={"reason": words.PRIORITIES},
        erasing=GOES,
    ),
    Part(
        model=CallOrder,
        title=_l("After-school programme: who is rung first"),
        mine=("guardian_id",),
        through="enrolment_id",
        says={"relation": _l("Relation"), "position": _l("Order")},
        erasing=GOES,
    ),
    Part(
        model=ChildConsent,
        title=_l("After-school programme: consents"),
        mine=("child_id",),
        acted=("by_id", "recorded_by_id", "revoked_by_id"),
        says={"purpose": _l("For"), "is_given": _l("Agreed"), "at": AT, "revoked_at": UNTIL},
        words={"purpose": words.PURPOSES},
        erasing=stays(SAID),
    ),
    Part(
        model=HealthNote,
        title=_l("After-school programme: health"),
        mine=("child_id",),
        acted=("by_id",),
        says={"trigger": _l("Trigger"), "reaction": _l("Reaction"), "what_to_do": _l("What to do"), "at": AT},
        erasing=GOES,
    ),
    Part(
        model=ChildPhoto,
        title=_l("After-school programme: photo"),
        mine=("child_id",),
        acted=("by_id",),
        withheld=frozenset({"picture"}),
        says={"at": AT},
        erasing=GOES,
    ),
    Part(
        model=Collector,
        title=_l("After-school programme: collectors"),
        mine=("child_id", "person_id"),
        acted=("named_by_id", "verified_by_id", "revoked_by_id"),
        withheld=frozenset({"photo_file"}),
        says={"name": _l("Name"), "relation": _l("Relation"), "starts_on": SINCE, "ends_on": UNTIL},
        erasing=stays(HELD, empties=("name", "relation", "phone", "photo_file")),
    ),
    Part(
        model=Bar,
        title=_l("After-school programme: who may not collect"),
        mine=("child_id",),
        acted=("person_id", "set_by_id", "lifted_by_id"),
        withheld=frozenset({"name", "looks", "phone", "document", "reason", "lifted_why"}),  # about somebody else
        says={"level": WHAT, "set_at": SINCE, "lifted_at": UNTIL},
        words={"level": words.BAR_LEVELS},
        erasing=GOES,
    ),
    Part(
        model=BarredRight,
        title=_l("After-school programme: what a bar takes from a guardian"),
        through="bar_id",
        acted=("by_id", "given_back_by_id"),
        withheld=frozenset({"document"}),
        says={"what": WHAT, "at": SINCE, "given_back_at": UNTIL},
        words={"what": words.RIGHTS},
        erasing=GOES,
    ),
    Part(
        model=WayHome,
        title=_l("After-school programme: how a child goes home"),
        mine=("sibling_id",),
        through="enrolment_id",
        says={"weekday": DAY, "way": WHAT, "leaves": AT},
        words={"way": words.WAYS},
        erasing=GOES,
    ),
    Part(
        model=PlanChange,
        title=_l("After-school programme: changes of single days"),
        through="enrolment_id",
        mine=("sibling_id",),
        acted=("by_id", "recorded_by_id", "acknowledged_by_id"),
        says={"on_date": DAY, "what": WHAT, "at": AT},
        words={"what": words.DIFFERENT},
        erasing=stays(SAID, empties=("rang_from", "bus"), dashes=("rang_back",)),
    ),
    Part(
        model=PickUpCode,
        title=_l("After-school programme: codes of the day"),
        mine=("child_id",),
        acted=("made_by_id",),
        withheld=frozenset({"code_hash", "salt", "slow_hash"}),
        says={"on_date": DAY, "used_at": _l("Used")},
        erasing=GOES,
    ),
    Part(
        model=CustodyEvent,
        title=_l("After-school programme: who held the child"),
        mine=("child_id",),
        acted=("with_id", "second_id", "approved_by_id", "by_id"),
        withheld=frozenset({"nonce", "digest"}),
        says={"at": AT, "holder": WHAT, "other_name": _l("Name"), "outcome": _l("What came of it")},
        words={"holder": words.HOLDERS, "outcome": words.OUTCOMES},
        erasing=stays(
            HELD, empties=("brought_by", "bus"), dashes=("other_name", "approved_on"), keeps=("nonce", "digest", "why")
        ),
    ),
    Part(
        model=BarDecision,
        title=_l("After-school programme: what the director decided of who collects"),
        through="event_id",
        acted=("by_id",),
        says={"at": AT, "is_allowed": _l("May take the child"), "why": REASON},
        erasing=stays(HELD, empties=("why",)),
    ),
    Part(
        model=Custody,
        title=_l("After-school programme: the ledger of custody"),
        mine=("child_id",),
        says={"since_at": SINCE, "holder": WHAT},
        words={"holder": words.HOLDERS},
        erasing=stays(HELD),
    ),
    Part(
        model=Holding,
        title=_l("After-school programme: who holds the child now"),
        mine=("child_id",),
        says={"custody_id": _l("Entry")},
        erasing=stays(HELD),
    ),
    Part(
        model=Alarm,
        title=_l("After-school programme: alarms"),
        mine=("child_id",),
        acted=("ended_by_id",),
        says={"raised_at": AT, "kind": WHAT, "answer": _l("Answer"), "ended_at": UNTIL},
        words={"kind": words.ALARM_KINDS},
        erasing=stays(HELD, empties=("answer",), keeps=("subject",)),
    ),
    Part(
        model=Ring,
        title=_l("After-school programme: calls about alarms"),
        mine=("guardian_id",),
        through="alarm_id",
        acted=("by_id",),
        says={"at": AT, "number": _l("Phone"), "said": _l("What was said")},
        erasing=stays(HELD, empties=("number", "said")),
    ),
    Part(
        model=Incident,
        title=_l("After-school programme: incidents"),
        mine=("child_id",),
        acted=("by_id",),
        says={"at": AT, "place": _l("Place"), "what": WHAT, "done": _l("What was done")},
        erasing=GOES,
    ),
    Part(
        model=IncidentStep,
        title=_l("After-school programme: what followed incidents"),
        through="incident_id",
        acted=("person_id", "by_id"),
        says={"at": AT, "stage": WHAT, "words": _l("In words")},
        words={"stage": words.INCIDENT_STAGES},
        erasing=GOES,
    ),
    Part(
        model=DeletionAsk,
        title=_l("After-school programme: what guardians asked to delete"),
        mine=("child_id",),
        acted=("asked_by_id", "recorded_by_id", "decided_by_id"),
        says={"asked_at": AT, "words": _l("In words"), "is_granted": _l("Agreed"), "why": REASON},
        erasing=stays(SAID, empties=("words", "why")),
    ),
    Part(
        model=Dispute,
        title=_l("After-school programme: guardians who disagree"),
        mine=("child_id",),
        acted=("by_id", "settled_by_id"),
        withheld=frozenset({"words"}),
        says={"at": AT, "settled_at": UNTIL},
        erasing=GOES,
    ),
    Part(
        model=DayNote,
        title=_l("After-school programme: notes of days"),
        through="enrolment_id",
        acted=("by_id",),
        says={"on_date": DAY, "kind": WHAT, "words": _l("In words")},
        words={"kind": words.DAY_NOTES},
        erasing=GOES,
    ),
)
OF_STAFF = (
    Part(
        model=StaffCheck,
        title=_l("After-school programme: what was shown to look after children"),
        mine=("person_id",),
        acted=("recorded_by_id", "revoked_by_id"),
        says={"kind": WHAT, "made_on": SINCE, "valid_until": UNTIL},
        words={"kind": words.CHECK_KINDS},
        erasing=stays(HELD, empties=("document",)),
    ),
    Part(
        model=CareDuty,
        title=_l("After-school programme: duties"),
        mine=("person_id",),
        acted=("set_by_id",),
        says={"day_id": DAY, "role": WHAT},
        words={"role": words.DUTY_ROLES},
        erasing=stays(HELD),
    ),
    Part(
        model=Staffing,
        title=_l("After-school programme: coming and going"),
        mine=("person_id",),
        acted=("by_id",),
        says={"at": AT, "why": REASON},
        erasing=stays(HELD, keeps=("why",)),
    ),
    Part(
        model=ChildAccess,
        title=_l("After-school programme: access to children's records"),
        mine=("person_id",),
        acted=("granted_by_id", "revoked_by_id"),
        says={"reason": REASON, "starts_on": SINCE, "ends_on": UNTIL},
        erasing=stays(HELD, keeps=("reason",)),
    ),
    Part(model=TermDay, title=_l("After-school programme: days"), acted=("opened_by_id", "closed_by_id")),
    Part(
        model=SchoolChange,
        title=_l("After-school programme: schools that ended otherwise"),
        acted=("by_id", "acknowledged_by_id"),
    ),
    Part(model=TermRules, title=_l("After-school programme: rules"), acted=("published_by_id",)),
    Part(model=RoomCheck, title=_l("After-school programme: empty rooms"), acted=("first_id", "second_id")),
    Part(model=HeadCount, title=_l("After-school programme: head counts"), acted=("by_id",)),
)
PARTS = (*OF_CHILDREN, *OF_STAFF)
