"""The texts that guardians and collectors agree to: each version stays, and the director publishes the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from center.afterschool.models.consents import Purpose
from center.afterschool.places import consents
from center.afterschool.places.consents import EVERY_TEXT, Text
from center.afterschool.words import TEXTS as NAMES
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.classroom.enrolments.forms import TextForm
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class TextsPage:
    """Each text as it counts now."""

    texts: Mapping[Purpose, Text]
    names: Mapping[Any, Any] = field(default_factory=lambda: NAMES)


@blueprint.get("/classroom/consent-texts")
@requires(Permission.RUN_AFTER_SCHOOL)
def consent_texts() -> ResponseReturnValue:
    """What guardians and collectors agree to, purpose by purpose."""
    return render("classroom/enrolments/texts.html", TextsPage(texts=consents.texts_now(EVERY_TEXT)))


@blueprint.route("/classroom/consent-texts/<purpose>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def publish_consent_text(purpose: str) -> ResponseReturnValue:
    """Publish the next version of a text."""
    authorise(purpose in set(EVERY_TEXT))
    which = Purpose(purpose)
    text, back = consents.texts_now([which])[which], url_for(".consent_texts")
    form = TextForm(data={"words": text.words, "words_en": text.words_en})

    def publish() -> None:
        consents.publish(which, words=form.words.data, words_en=form.words_en.data or "", now=clock.now())

    if is_done(form, publish):
        return go_on(_("Published. What was agreed to before stays with its own text."), back)
    return form_page("classroom/enrolments/text.html", form, text=text, name=NAMES[which], back=back)
