"""Where scanning is practised: camera, scanner, signs and sounds, and nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from center.attendance.answers import Answer
from center.attendance.codes import CARD_PREFIX, CardCode, Code, SignUpReference, in_groups
from center.kernel.access import or_device, signed_in
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little, check_in_page
from center.web.checkin.forms import CodeForm
from center.web.own_hosts import own_hosts, read_here
from center.web.qr import qr_code
from center.web.rendering import render

PRACTICE_CARD = "PRACTICEPRACTICEPRACTICEPR"  # no card that is given to somebody has these letters
KINDS = {
    "practice": _l("The practice card"),
    "card": _l("Somebody's card"),
    "sign_up": _l("The number of a sign-up"),
    "unknown": "",
}
WAYS = {
    "camera": _l("Read by the camera. This is practice: nothing was written down."),
    "scanner": _l("Read by the scanner. This is practice: nothing was written down."),
    "typed": _l("Typed by hand. This is practice: nothing was written down."),
}


@dataclass(frozen=True, kw_only=True)
class PracticeCard:
    """The practice card, to be scanned and to be typed."""

    test_card: Markup = field(default_factory=lambda: qr_code(CARD_PREFIX + PRACTICE_CARD, is_sized=False))
    test_letters: str = in_groups(PRACTICE_CARD)


@dataclass(frozen=True, kw_only=True)
class PracticePage(PracticeCard):
    """What was read, and how it is answered."""

    form: CodeForm
    kind: str
    answer: Answer | None
    kinds: Mapping[str, Any] = field(default_factory=lambda: KINDS)
    ways: Mapping[str, Any] = field(default_factory=lambda: WAYS)
    hosts: Sequence[str] = field(default_factory=own_hosts)
    practice_card: str = PRACTICE_CARD


@blueprint.route("/checkin/practice", methods=["GET", "POST"])
@or_device
@check_in_page
@accepts_little(8 * 1024)
@signed_in
def practice() -> ResponseReturnValue:
    """What was typed or scanned is answered as at a door, but nobody is looked up."""
    form, kind = CodeForm(), ""
    if form.validate_on_submit():
        kind = _kind_of(read_here(form.code.data))
    answer = (Answer.UNKNOWN if kind == "unknown" else Answer.CHECKED_IN) if kind else None
    return render("checkin/practice.html", PracticePage(form=form, kind=kind, answer=answer)), form.status


@blueprint.get("/checkin/practice/card")
@or_device
@signed_in
def practice_card() -> ResponseReturnValue:
    """The practice card on paper."""
    return render("checkin/practice_card.html", PracticeCard())


def _kind_of(code: Code) -> str:
    if isinstance(code, CardCode):
        return "practice" if code.code == PRACTICE_CARD else "card"
    return "sign_up" if isinstance(code, SignUpReference) else "unknown"
