"""A collector signs at the desk whether a photo of them may be kept: the paper, and typing it in on one page.

Whoever types it in names guardian, child and collector as they stand on the paper, and reads nothing of the child.
"""

from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.consents import Means
from center.afterschool.places import collector_photos
from center.afterschool.places.consents import Hand, Text
from center.afterschool.plans import collecting
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.rules import NAME_MOST
from center.web.activities.photo_forms import MOST_SENT
from center.web.after_school.collector_photos import AnswerForm
from center.web.blueprints import desk as blueprint
from center.web.browser_rights import accepts_file
from center.web.desk.after_school.paper_views import named_on_paper
from center.web.forms import text_field
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done


class SignedForm(AnswerForm):
    """What stands on the paper."""

    version = text_field(_l("Version"), most=10, hint=_l("It stands at the bottom of the paper, such as 1."))
    phone = text_field(_l("Guardian's phone number"), most=30)
    child_name = text_field(_l("Child's full name"), most=NAME_MOST)
    name = text_field(_l("Full name of whoever collects"), most=NAME_MOST)
    own_phone = text_field(_l("Phone number of whoever collects"), most=30)


@dataclass(frozen=True, kw_only=True)
class SignedPage:
    """The paper to print."""

    text: Text
    without: object = collector_photos.WITHOUT


@blueprint.get("/desk/after-school/collector-photo/paper")
@requires(Permission.ENROL_CHILDREN)
def collector_photo_paper() -> ResponseReturnValue:
    """The paper on which a collector says whether they agree, to be signed by hand."""
    return render("desk/after_school/collector_paper.html", SignedPage(text=collector_photos.text_now()))


@blueprint.route("/desk/after-school/collector-photo", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
@accepts_file(MOST_SENT)
def write_down_collector_photo() -> ResponseReturnValue:
    """Type in what a collector signed, with the photo where they agreed."""
    form, here = SignedForm(), url_for("desk.write_down_collector_photo")
    if is_done(form, lambda: _keep(form), transacts=False):
        return go_on(_("Written down. The guardians see it."), here)
    return form_page("desk/after_school/collector_photo.html", form)


def _keep(form: SignedForm) -> None:
    if form.version.data != str(collector_photos.text_now().version):
        words = _l("The text on this paper is not that of today. Please let them sign a new one.")
        raise Conflict(words, field="version")
    guardian, child = named_on_paper(form.phone.data, form.child_name.data)
    named, now, clerk = (form.name.data, form.own_phone.data), clock.now(), current_user.person
    own = collecting.find_guardian(child, *named, today=local_date(now))
    if own is not None:
        hand = Hand(guardian=own, by=clerk, means=Means.PAPER)
        form.keep(lambda: collecting.own_row(child, own, by=clerk, now=now), hand=hand, now=now)
        return
    collector = collecting.find_named(child, *named, today=local_date(now))
    form.keep(lambda: collector, hand=Hand(guardian=guardian, by=clerk, means=Means.PAPER), now=now)
