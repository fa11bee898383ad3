"""The three questions, and a complaint to the director, as forms."""

from wtforms import BooleanField, RadioField, SelectField

from center.activities.models import Session
from center.feedback.models import FeedbackTicket, Following, Liking
from center.feedback.rules import MOST_OF_COMPLAINT, MOST_WORDS, Said
from center.feedback.words import COULD_FOLLOW, FOLLOWING_NAMES, HOW_WAS_IT, LIKING_NAMES, WHAT_TO_SAY
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.queries import all_organisations
from center.web.forms import BaseForm, UntracedForm, long_text_field, text_field


class AnswerForm(BaseForm):
    """The three questions. It has no key of its own: the ticket is spent once."""

    liking = RadioField(HOW_WAS_IT, choices=[(each.value, words) for each, words in LIKING_NAMES.items()])
    following = RadioField(COULD_FOLLOW, choices=[(each.value, words) for each, words in FOLLOWING_NAMES.items()])
    words = long_text_field(
        WHAT_TO_SAY,
        most=MOST_WORDS,
        hint=_l("The leads read it together with the words of others, without names."),
    )
    is_named = BooleanField(
        _l("The centre may know that this is from me"),
        description=_l(
            "Then staff can come back to you. Otherwise nobody can find out who answered, not even the centre."
        ),
    )

    def fit_to(self, ticket: FeedbackTicket) -> "AnswerForm":
        """A sheet of paper is nobody's, so that it can be under no name."""
        if ticket.person_id is None:
            del self.is_named
        return self

    @property
    def said(self) -> Said:
        """What was answered."""
        return Said(
            liking=Liking(self.liking.data),
            following=Following(self.following.data),
            words=self.words.data or "",
            is_named=bool(self.is_named is not None and self.is_named.data),
        )


class ComplaintForm(UntracedForm):
    """What somebody writes to the director alone."""

    organisation = SelectField(_l("Whom is it about?"))
    words = long_text_field(_l("What happened?"), most=MOST_OF_COMPLAINT, required=True)
    is_named = BooleanField(
        _l("The director may know who I am"),
        description=_l("Then you are told once there is an answer. The organisation never sees what you write."),
    )
    contact = text_field(
        _l("How to reach you"),
        most=120,
        required=False,
        hint=_l("Only if you want a call or a letter: a phone number, or where to find you."),
    )

    def fit_to(self, session: Session | None, *, may_be_named: bool) -> "ComplaintForm":
        """About a session nobody need say whom it is about; whoever is not known gives no name."""
        if session is not None:
            del self.organisation
        else:
            known = [(str(each.id), in_language(each.name, each.name_en)) for each in all_organisations()]
            self.organisation.choices = known
        if not may_be_named:
            del self.is_named
        return self

    @property
    def organisation_id(self) -> int | None:
        """Whom it is about, where the session does not say it."""
        return int(self.organisation.data) if self.organisation is not None else None

    @property
    def gives_name(self) -> bool:
        """Whether the director may know who it is from."""
        return bool(self.is_named is not None and self.is_named.data)


class ComplaintAnswerForm(BaseForm):
    """What the director answers."""

    words = long_text_field(
        _l("Your answer"),
        most=MOST_OF_COMPLAINT,
        required=True,
        hint=_l("Whoever wrote it reads this by their number or in their account. It is given once."),
    )
