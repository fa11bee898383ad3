"""The form with which staff write words of their own for a kind of news. Shape only."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import SUBJECT_MOST, Words
from center.web.editing import EditingForm
from center.web.forms import long_text_field, text_field


class WordsForm(EditingForm):
    """What a message says."""

    subject = text_field(_l("First line"), most=SUBJECT_MOST, hint=_l("The subject of an e-mail, the title of a slip."))
    body = long_text_field(
        _l("Message"), most=3000, required=True, hint=_l("Plain text. An empty line begins a paragraph.")
    )

    def words(self) -> Words:
        """What was typed."""
        return Words(self.subject.data or "", self.body.data or "")
