"""A guardian pauses a place, lets the child come again, or gives the place up: on the phone, at the desk, on paper."""

from flask.typing import ResponseReturnValue

from center.afterschool import place_effects, said_to_staff
from center.afterschool.places.states import WITH_PLACE, place_of
from center.afterschool.rights.guardian_rights import Deed
from center.afterschool.said_to_staff import Word
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.web.after_school.calls import WordForm
from center.web.after_school.place_forms import LeaveForm, PauseForm
from center.web.blueprints import desk as blueprint
from center.web.desk.after_school.on_the_line import on_the_line
from center.web.desk.after_school.word_pages import Asked, answer


class PauseWordForm(PauseForm, WordForm):
    """From when until when, and how it was made sure whose word it is."""


class LeaveWordForm(LeaveForm, WordForm):
    """A word to the centre, likewise."""


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/pause", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_pause(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """The child does not come for a while; the place stays."""
    line = on_the_line(enrolment_id, person_id)
    form = PauseWordForm(data={"first": clock.today(centre_zone())})

    def act(word: Word) -> bool:
        days = {"first": form.first.data, "last": form.last.data}
        return said_to_staff.pause(line.enrolment, **days, word=word, now=line.now)

    asked = Asked(
        to=Deed.PLACE,
        title=_("Pause the place of %(name)s", name=line.child_name),
        lead=_("The child does not come for a while. The place stays; for single days change the plan instead."),
        fields=[form.first, form.last],
        label=_("Pause it"),
        done=_("The place of %(name)s is paused and stays the child's. The guardians are told.", name=line.child_name),
    )
    effects = lambda: place_effects.of_pause(line.enrolment, form.first.data, form.last.data)  # noqa: E731
    return answer(line, form, act, asked, effects=effects)


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/resume", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_resume(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """The child comes again."""
    line, form = on_the_line(enrolment_id, person_id), WordForm()
    asked = Asked(
        to=Deed.PLACE,
        title=_("%(name)s comes again", name=line.child_name),
        lead=_("The pause ends today: from now on the child is expected as the week says."),
        fields=[],
        label=_("Comes again"),
        done=_("%(name)s is expected again. The guardians are told.", name=line.child_name),
    )
    return answer(line, form, lambda word: said_to_staff.resume(line.enrolment, word=word, now=line.now), asked)


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/leave", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_leave(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Do without the place, or wait for one no longer."""
    line, form = on_the_line(enrolment_id, person_id), LeaveWordForm()
    has_place = place_of(line.enrolment, on=local_date(line.now), now=line.now) in WITH_PLACE

    def act(word: Word) -> bool:
        return said_to_staff.leave(line.enrolment, word=word, reason=form.reason.data or "", now=line.now)

    title = _("End the place of %(name)s") if has_place else _("Withdraw the application of %(name)s")
    asked = Asked(
        to=Deed.PLACE,
        title=title % {"name": line.child_name},
        fields=[form.reason],
        label=_("End it now"),
        is_grave=True,
        done=_("It has ended for %(name)s. The guardians are told.", name=line.child_name),
    )
    effects = lambda: place_effects.of_leaving(line.enrolment, now=line.now)  # noqa: E731
    return answer(line, form, act, asked, effects=effects)
