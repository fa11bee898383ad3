"""Pages on which staff read every kind of message, write their own words for it, and see how they will look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.i18n import LANGUAGE_NAMES, addressing, languages_on_offer, speaking
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.notices import examples, kinds, message_texts
from center.notices.examples import Field
from center.notices.kinds import SUBJECT_MOST, Calls, Kind, Words
from center.notices.models import OwnWords
from center.web.blueprints import notices as blueprint
from center.web.editing import EditingForm, watch
from center.web.forms import long_text_field, text_field
from center.web.rendering import render
from center.web.sending import go_on, is_done

GROUPS = {
    "sign_up": _l("Messages about sign-ups"),
    "activity": _l("Activities"),
    "booking": _l("Bookings"),
    "series": _l("Series"),
}


class WordsForm(EditingForm):
    """What a message says."""

    subject = text_field(_l("First line"), most=SUBJECT_MOST, hint=_l("The subject of an e-mail, the title of a slip."))
    body = long_text_field(
        _l("Message"), most=3000, required=True, hint=_l("Plain text. An empty line begins a paragraph.")
    )

    def words(self) -> Words:
        """What was typed."""
        return Words(self.subject.data or "", self.body.data or "")


@dataclass(frozen=True)
class Look:
    """How a message looks in one language: to most readers, and with elder mode's way to tell time."""

    language: str
    is_own: bool
    words: Words
    elder_words: Words


@blueprint.get("/settings/words")
@requires(Permission.EDIT_WORDS)
def all_words() -> ResponseReturnValue:
    """Every kind of message, and which of them say the centre's own words."""
    own = {(row.kind, row.language): row for row in message_texts.every()}
    groups: dict[str, list[Kind]] = {}
    for kind in _worded():
        groups.setdefault(kind.code.partition(".")[0], []).append(kind)
    order = [*GROUPS, *(name for name in groups if name not in GROUPS)]
    listed = [(GROUPS.get(name, name), groups[name]) for name in order if name in groups]
    return render_template("settings/notices/all_words.html", groups=listed, own=own, languages=_languages())


@dataclass(frozen=True, kw_only=True)
class WordsPage:
    """The words of a kind of message in one language, as written and as they look."""

    kind: Kind
    form: WordsForm
    tongue: str
    languages: Mapping[str, str]
    house: Words
    row: OwnWords | None
    fields: Sequence[Field]
    looks: Sequence[Look]
    is_typed: bool
    is_for_groups: bool
    may_be_told_by_hand: bool


@blueprint.route("/settings/words/<news>/<tongue>", methods=["GET", "POST"])
@requires(Permission.EDIT_WORDS)
def edit_words(news: str, tongue: str) -> ResponseReturnValue:
    """The words of one kind of message in one language: write them, look at them, keep them."""
    kind = _kind(news, tongue)
    row = message_texts.find(kind.code, tongue)
    with speaking(tongue):
        house = kinds.house_words(kind)
    form = watch(lambda **given: WordsForm(data=_said_now(kind, tongue, house), **given))
    is_look = request.form.get("stage") == "look"

    def keep() -> None:
        message_texts.check(kind, form.words())
        if not is_look:
            with speaking(tongue):
                message_texts.save(kind, tongue, form.words(), by=current_user.person, now=clock.now())

    if is_done(form, keep, transacts=not is_look) and not is_look:
        then = url_for(".edit_words", news=news, tongue=tongue)
        return go_on(_("Saved. It is said like this from now on."), then)
    typed = form.words() if form.is_submitted() and not form.error_list() else None
    page = render(
        "settings/notices/edit_words.html",
        WordsPage(
            kind=kind,
            form=form,
            tongue=tongue,
            languages=_languages(),
            house=house,
            row=row,
            fields=examples.fields_of(kind),
            looks=_looks(kind, tongue, typed),
            is_typed=typed is not None,
            is_for_groups="name" not in kind.facts,
            may_be_told_by_hand=kind.calls is not Calls.NEVER,
        ),
    )
    return page, form.status


@blueprint.post("/settings/words/<news>/<tongue>/back")
@requires(Permission.EDIT_WORDS)
def give_up_words(news: str, tongue: str) -> ResponseReturnValue:
    """Go back to the house's words."""
    kind = _kind(news, tongue)
    with transaction():
        message_texts.give_up(kind, tongue, by=current_user.person)
    return go_on(_("The house's words are said again."), url_for(".edit_words", news=news, tongue=tongue))


def _said_now(kind: Kind, tongue: str, house: Words) -> dict[str, str]:
    words = message_texts.words_of(message_texts.find(kind.code, tongue)) or house
    return {"subject": words.subject, "body": words.body}


def _looks(kind: Kind, tongue: str, typed: Words | None) -> list[Look]:
    """How the message looks in every language; in the edited one with what was just typed."""
    looks = []
    for language in sorted(languages_on_offer(), key=lambda each: each != tongue):
        kept = message_texts.words_of(message_texts.find(kind.code, language))
        own = typed if typed is not None and language == tongue else kept
        said = []
        for is_elder in (False, True):
            with addressing(language, is_elder=is_elder):
                said.append(kinds.say(kind, examples.facts_for(kind), own))
        looks.append(Look(language, own is not None, *said))
    return looks


def _kind(news: str, tongue: str) -> Kind:
    kind = kinds.find_kind(news)
    authorise(kind in _worded() and tongue in languages_on_offer())
    assert kind is not None
    return kind


def _worded() -> list[Kind]:
    """The kinds whose words are the centre's to choose: all but the test of an address."""
    return [kind for kind in kinds.all_kinds() if kind is not kinds.TEST]


def _languages() -> dict[str, str]:
    return {code: LANGUAGE_NAMES.get(code, code) for code in languages_on_offer()}
