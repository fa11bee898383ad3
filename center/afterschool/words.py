"""What the after-school programme's states are called."""

from center.afterschool.models.care import AlarmAnswer, AlarmKind, DayNoteKind, IncidentStage
from center.afterschool.models.consents import AlertLevel, Means, Purpose
from center.afterschool.models.custody import Flag, Holder, Outcome
from center.afterschool.models.enrolments import EnrolmentChange
from center.afterschool.models.plans import BarLevel, Different, Right, Stay, Way
from center.afterschool.models.priorities import Priority
from center.afterschool.models.staff import CheckKind, DutyRole
from center.afterschool.models.terms import Half, TermMode, TermState, Topic
from center.afterschool.models.words_said import Spoke, WordOn
from center.kernel.i18n import lazy_gettext as _l

TERM_MODES = {
    TermMode.AFTER_SCHOOL: _l("After school"),
    TermMode.FULL_DAY: _l("Whole days in the holidays"),
}
TERM_STATES = {
    TermState.DRAFT: _l("Being prepared"),
    TermState.OPEN: _l("Open to families"),
    TermState.ENDED: _l("Ended"),
}
TOPICS = {
    Topic.WHO: _l("Who may come"),
    Topic.PRIORITY: _l("Who comes first"),
    Topic.ENDS: _l("What ends a place"),
    Topic.CUT_OFF: _l("Until when a day can be changed"),
    Topic.LATE: _l("When a child is collected late"),
    Topic.COLLECTION: _l("How children go home"),
    Topic.OTHER: _l("Something else"),
}
PRIORITIES = {
    Priority.LEFT_BEHIND: _l("Left behind: the parents work elsewhere"),
    Priority.HARDSHIP: _l("A family in hardship"),
    Priority.NEW_EMPLOYMENT: _l("New kinds of work: riders, couriers, drivers"),
    Priority.SIBLING: _l("A brother or sister has a place"),
    Priority.BOTH_WORK: _l("Both parents work"),
}
ENROLMENT_CHANGES = {
    EnrolmentChange.APPLIED: _l("Applied"),
    EnrolmentChange.CLASS_SET: _l("Put into a class"),
    EnrolmentChange.EDITED: _l("Changed"),
    EnrolmentChange.ENDED: _l("Ended"),
    EnrolmentChange.NOT_ELIGIBLE: _l("Not eligible"),
    EnrolmentChange.PAUSED: _l("Paused"),
    EnrolmentChange.PRIORITY_DECIDED: _l("A reason for priority was decided"),
    EnrolmentChange.RESUMED: _l("Comes again"),
    EnrolmentChange.WITHDRAWN: _l("Withdrawn"),
}
WORDS_ON = {
    WordOn.CHILD_PHOTO_DELETED: _l("The child's photo was deleted"),
    WordOn.CHILD_PHOTO_KEPT: _l("A photo of the child was handed in"),
    WordOn.COLLECTOR_NAMED: _l("Somebody may collect"),
    WordOn.COLLECTOR_REVOKED: _l("Somebody may collect no more"),
    WordOn.CONSENT_GIVEN: _l("A consent was given"),
    WordOn.CONSENT_REVOKED: _l("A consent was taken back"),
    WordOn.LEFT: _l("The place was given up"),
    WordOn.ORDER: _l("Who is rung first"),
    WordOn.PAUSED: _l("Paused"),
    WordOn.REASON_NAMED: _l("A reason for priority was named"),
    WordOn.REASON_WITHDRAWN: _l("A reason for priority was withdrawn"),
    WordOn.RESUMED: _l("Comes again"),
    WordOn.SCHOOL: _l("School, class or mark"),
    WordOn.WEEK: _l("The fixed week"),
}
SPOKE = {
    Spoke.IN_PERSON: _l("Stood there"),
    Spoke.PAPER: _l("On paper"),
    Spoke.PHONE: _l("By phone"),
}
PURPOSES = {
    Purpose.CARE: _l("Looking after the child"),
    Purpose.HEALTH: _l("Keeping what is to be known of the child's health"),
    Purpose.PHOTOS: _l("A photo of the child"),
    Purpose.WALKING_ALONE: _l("Walking home alone"),
}
TEXTS = {**PURPOSES, Purpose.COLLECTOR_PHOTO: _l("A photo of whoever collects the child")}
MEANS = {Means.ACCOUNT: _l("With their account"), Means.PAPER: _l("Signed on paper")}
ALERT_LEVELS = {
    AlertLevel.EMERGENCY: _l("Emergency: act at once, ring 120"),
    AlertLevel.WATCH: _l("Watch closely"),
    AlertLevel.NOTE: _l("Good to know"),
}
RIGHTS = {
    Right.DECISIONS: _l("Deciding about the child: place, record, consents, deletion"),
    Right.WHEREABOUTS: _l("Reading where the child is and will be: the day, the plan, messages, a copy of all data"),
}
BAR_LEVELS = {
    BarLevel.ALERT: _l("Alert: the director decides"),
    BarLevel.DENY: _l("Must not collect this child"),
}
WAYS = {
    Way.ALONE: _l("Goes home alone"),
    Way.BUS: _l("Goes with the school bus"),
    Way.COLLECTED: _l("Is collected"),
    Way.SIBLING: _l("Goes with a brother or sister"),
}
STAYS = {
    Stay.AFTERNOON: _l("Afternoon, without lunch"),
    Stay.AFTERNOON_LUNCH: _l("Lunch and afternoon"),
    Stay.MORNING: _l("Morning, without lunch"),
    Stay.MORNING_LUNCH: _l("Morning and lunch"),
    Stay.WHOLE: _l("All day, with lunch"),
    Stay.WHOLE_NO_LUNCH: _l("All day, without lunch"),
}
HALVES = {Half.MORNING: _l("Morning"), Half.AFTERNOON: _l("Afternoon")}
DIFFERENT = {
    Different.ALONE: _l("Goes home alone"),
    Different.BUS: _l("Goes with the school bus"),
    Different.COLLECTOR: _l("Somebody else collects"),
    Different.COMES: _l("Comes, although it is not one of their days"),
    Different.LEAVE: _l("Does not come"),
    Different.SIBLING: _l("Goes with a brother or sister"),
    Different.USUAL: _l("As usual after all"),
}
CHECK_KINDS = {
    CheckKind.FIRST_AID: _l("First aid course"),
    CheckKind.RECORD: _l("Record check"),
}
DUTY_ROLES = {
    DutyRole.GUARD: _l("Guard"),
    DutyRole.RESPONSIBLE: _l("Responsible"),
    DutyRole.TEACHER: _l("Class teacher"),
    DutyRole.VOLUNTEER: _l("Volunteer"),
}
HOLDERS = {
    Holder.ALONE: _l("Went home alone"),
    Holder.BUS: _l("With the school bus"),
    Holder.COLLECTOR: _l("Collected"),
    Holder.GUARDIAN: _l("With a guardian, who said so"),
    Holder.ON_THE_WAY: _l("On the way"),
    Holder.ROOM: _l("Here"),
    Holder.SCHOOL: _l("At school"),
    Holder.SIBLING: _l("Went with a brother or sister"),
}
OUTCOMES = {
    Outcome.ACCEPTED: _l("Written down"),
    Outcome.CONFLICT: _l("Contradicts what was said before"),
    Outcome.DUPLICATE: _l("Was so already"),
    Outcome.REFUSED: _l("Refused"),
    Outcome.UNDONE: _l("Taken back"),
}
FLAGS = {
    Flag.AGAINST_PLAN: _l("Not as planned for the day"),
    Flag.BARRED_MEANWHILE: _l("Somebody was barred meanwhile"),
    Flag.CHANGED_MEANWHILE: _l("Something was changed meanwhile"),
    Flag.EXPIRED: _l("The collector's time was over"),
    Flag.ON_LEAVE: _l("Came although on leave"),
    Flag.PAPER: _l("From the paper list"),
}
ALARM_KINDS = {
    AlarmKind.ABSENT_OFTEN: _l("Absent three times in a row"),
    AlarmKind.BARRED: _l("Somebody who is barred wanted to take the child"),
    AlarmKind.CODE_TRIED: _l("Three wrong codes"),
    AlarmKind.CONFLICT: _l("Two say otherwise about who has the child"),
    AlarmKind.MISSING: _l("Not here, although expected"),
    AlarmKind.NOT_COLLECTED: _l("Still here after closing"),
    AlarmKind.RATIO: _l("Too few adults"),
    AlarmKind.UNSEEN_CHANGE: _l("Nobody has acknowledged a change"),
}
INCIDENT_STAGES = {
    IncidentStage.ACKNOWLEDGED: _l("Acknowledged by a guardian"),
    IncidentStage.CLOSED: _l("Closed"),
    IncidentStage.FOLLOW_UP: _l("What followed on it"),
    IncidentStage.TOLD: _l("Told"),
}
DAY_NOTES = {
    DayNoteKind.HOMEWORK: _l("Homework"),
    DayNoteKind.NOTE: _l("Remark"),
    DayNoteKind.SNACK: _l("Snack"),
}
ALARM_ANSWERS = {
    AlarmAnswer.ARRIVED: _l("The child is with us"),
    AlarmAnswer.COLLECTED: _l("The child has gone home"),
    AlarmAnswer.FOUND: _l("Known where the child is, not here yet"),
    AlarmAnswer.ON_LEAVE: _l("On leave, a guardian says so on the phone"),
    AlarmAnswer.OTHER: _l("Something else"),
    AlarmAnswer.SETTLED: _l("It is in order again"),
    AlarmAnswer.WITH_GUARDIAN: _l("With a guardian, who says so on the phone"),
}
