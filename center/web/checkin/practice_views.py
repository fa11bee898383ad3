"""Where scanning is practised: camera, scanner, signs and sounds, and nothing is written."""

from urllib.parse import urlsplit

from flask import current_app, request
from flask.typing import ResponseReturnValue

from center.attendance.answers import Answer
from center.attendance.codes import CARD_PREFIX, Unknown, in_groups, read_code
from center.kernel.access import signed_in
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little, check_in_page
from center.web.checkin.forms import CodeForm
from center.web.qr import qr_code
from center.web.sending import form_page

PRACTICE_CARD = "PRACTICEPRACTICEPRACTICEPR"  # no card that is given to somebody has these letters


@blueprint.route("/checkin/practice", methods=["GET", "POST"])
@check_in_page
@accepts_little(8 * 1024)
@signed_in
def practice() -> ResponseReturnValue:
    """What was typed or scanned is answered as at a door, but nobody is looked up."""
    form = CodeForm()
    answer = None
    if form.validate_on_submit():
        code = read_code(form.code.data, hosts=hosts_here())
        answer = Answer.UNKNOWN if isinstance(code, Unknown) else Answer.CHECKED_IN
    return form_page(
        "checkin/practice.html",
        form,
        answer=answer,
        answers=list(Answer),
        test_card=qr_code(CARD_PREFIX + PRACTICE_CARD, is_sized=False),
        test_letters=in_groups(PRACTICE_CARD),
    )


def hosts_here() -> list[str]:
    """The names of this site in the address on a slip: as this page was asked for, and as others find it."""
    return [request.host, urlsplit(current_app.extensions["settings"].site_url).netloc]
