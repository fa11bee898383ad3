"""What a form about a sign-up shows of its roster: when, where, what it costs, how places are given, what is asked."""

from center.activities.messages import where
from center.activities.models import Session
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact
from center.signups.answers import asked_on
from center.signups.models import Question
from center.signups.roster_state import RosterState
from center.signups.rules import choices_of
from center.signups.words import MODE_NAMES, fee_of

OFFERED = {
    "pick_up": _l("Pick-up at home"),
    "companion": _l("Companion seats"),
    "wheelchair": _l("Wheelchair places"),
    "access_need": _l("Only for people with an access need"),
}


def facts_of_date(roster_state: RosterState) -> dict[str, Fact]:
    """When and where it is, and what it costs."""
    activity, facts = roster_state.activity, dict[str, Fact]()
    for each in roster_state.sessions:
        facts[f"date:{each.id}"] = _date(each)
        facts[f"place:{each.id}"] = _place(each)
    facts["fee"] = Fact(activity.fee, _l("Costs"), lambda: str(fee_of(activity)))
    facts["bring"] = Fact(activity.bring, _l("Bring along"), lambda: activity.bring)
    return facts


def facts_of_form(roster_state: RosterState) -> dict[str, Fact]:
    """The same with how places are given and with all that is asked."""
    mode, asked = roster_state.roster.mode, asked_on(roster_state)
    facts = facts_of_date(roster_state)
    facts["mode"] = Fact(mode, _l("How places are given"), lambda: str(MODE_NAMES[mode]))
    for name, label in OFFERED.items():
        if getattr(asked, name):
            facts[name] = Fact("1", label, lambda: _("Yes"))
    return facts | {f"q{each.id}": _question(each) for each in asked.questions}


def _date(session: Session) -> Fact:
    span = (session.starts_at, session.ends_at)
    return Fact("/".join(str(int(each.timestamp())) for each in span), _l("Date"), lambda: format_span(*span))


def _place(session: Session) -> Fact:
    value = repr((session.room_id, session.place, session.activity.place, session.activity.place_en))
    return Fact(value, _l("Place"), lambda: where(session))


def _question(question: Question) -> Fact:
    value = (question.words, question.words_en, question.kind.value, question.choices, question.is_required)
    return Fact(repr(value), _l("Question"), lambda: _question_words(question))


def _question_words(question: Question) -> str:
    words, choices = in_language(question.words, question.words_en), choices_of(question)
    return f"{words} ({_(', ').join(choices)})" if choices else words
