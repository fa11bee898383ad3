"""Pages of notices for the desk: whom to ring and what to say, paper to hand over, how somebody wants to be told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, may, requires
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.notices import actions, data_asks, queries, rounds, verifying
from center.notices.calling import Call, act_on_all, by_phone, is_one_call, read_also
from center.notices.models import BY_HAND, Ask, Delivery, Way
from center.people.models import Person
from center.people.records import get_person
from center.web import slips
from center.web.blueprints import notices as blueprint
from center.web.desk.telling.offer_views import offer_seals
from center.web.editing import watch
from center.web.forms import id_of
from center.web.notices.forms import AnswerForm, ContactForm, EmailCodeForm
from center.web.notices.pages import contact_page, is_contact_saved
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class CallsPage:
    """Whom to ring, what to hand over, whom to meet, and what was done today."""

    calls: Sequence[Call]
    seals: Mapping[int, str]
    slips: Sequence[Delivery]
    in_person: Sequence[Call]
    asks: Sequence[Ask]
    about_data: Sequence[Ask]
    beyond: int
    later: Sequence[Delivery]
    done: Sequence[Delivery]


@blueprint.get("/desk/to-tell")
@requires(Permission.TELL_PEOPLE)
def calls() -> ResponseReturnValue:
    """Whom to ring and what to say, what to hand over on paper, and what was done today."""
    now = clock.now()
    midnight = datetime.combine(local_date(now), time(0), centre_zone())
    calls, slips, in_person = (queries.to_do_by_hand(way, now=now) for way in (Way.CALL, Way.SLIP, Way.IN_PERSON))
    _see(phones=calls, doors=[*slips, *in_person])
    return render(
        "desk/notices/calls.html",
        CallsPage(
            calls=by_phone(calls),
            seals=offer_seals([*calls, *in_person]),
            slips=slips,
            in_person=by_phone(in_person),
            asks=rounds.open_asks(),
            about_data=data_asks.open_asks(),
            beyond=sum(queries.count_beyond(way, now=now) for way in (Way.CALL, Way.SLIP, Way.IN_PERSON)),
            later=queries.to_do_later(now=now),
            done=queries.done_by_hand(since=midnight),
        ),
    )


@blueprint.get("/desk/to-tell/print")
@requires(Permission.TELL_PEOPLE)
def print_calls() -> ResponseReturnValue:
    """The list of calls on paper, with room to tick."""
    now = clock.now()
    calls, in_person = (queries.to_do_by_hand(way, now=now) for way in (Way.CALL, Way.IN_PERSON))
    _see(phones=calls, doors=in_person)
    return render_template(
        "desk/notices/print_calls.html",
        calls=by_phone(calls),
        in_person=by_phone(in_person),
        beyond=sum(queries.count_beyond(way, now=now) for way in (Way.CALL, Way.IN_PERSON)),
        at=now,
    )


@blueprint.post("/desk/to-tell/<id:delivery_id>/done")
@requires(Permission.TELL_PEOPLE)
def tick_off(delivery_id: int) -> ResponseReturnValue:
    """The person was told, or has the paper."""
    said = _("Ticked off. If that was a mistake, put it back under “Done today”.")
    by = current_user.person
    return _do(delivery_id, lambda delivery, _tries, now: actions.tick_off(delivery, by=by, now=now), said)


@blueprint.post("/desk/to-tell/<id:delivery_id>/not-reached")
@requires(Permission.TELL_PEOPLE)
def could_not_reach(delivery_id: int) -> ResponseReturnValue:
    """Nobody answered."""
    said = _("It comes back on the list in half an hour; until then it stands under “Later”.")
    return _do(delivery_id, lambda delivery, tries, now: actions.could_not_reach(delivery, tries=tries, now=now), said)


@blueprint.post("/desk/to-tell/<id:delivery_id>/undo")
@requires(Permission.TELL_PEOPLE)
def put_back(delivery_id: int) -> ResponseReturnValue:
    """That was a slip of the hand."""
    said = _("It is on the list again.")
    return _do(delivery_id, lambda delivery, _tries, now: actions.put_back(delivery, now=now), said)


@blueprint.route("/desk/asks/<id:ask_id>", methods=["GET", "POST"])
@requires(Permission.TELL_PEOPLE)
def settle_ask(ask_id: int) -> ResponseReturnValue:
    """What somebody asked their grid worker for: deal with it, and say what came of it."""
    asked = rounds.get_ask(ask_id)
    form = AnswerForm()
    if form.validate_on_submit():
        with transaction():
            rounds.settle_ask(asked, answer=form.answer.data or "", by=current_user.person, now=clock.now())
        return go_on(_("Done. The grid worker sees what came of it."), url_for(".calls"))
    return form_page("desk/notices/settle_ask.html", form, ask=asked)


@blueprint.get("/desk/notices/<id:notice_id>/slip")
@requires(Permission.TELL_PEOPLE)
def slip(notice_id: int) -> ResponseReturnValue:
    """A message on paper, in large type, to hand over."""
    notice = queries.get_notice(notice_id)
    authorise(notice.person is not None)
    assert notice.person is not None
    return slips.slip_of(notice, notice.person)


@blueprint.route("/desk/people/<id:person_id>/contact", methods=["GET", "POST"])
@requires(Permission.TELL_PEOPLE)
def contact_of(person_id: int) -> ResponseReturnValue:
    """How somebody wants to be told, as they said at the desk; and what they were told lately."""
    person = get_person(person_id)
    form = watch(lambda **given: ContactForm.of(person, **given))
    if is_contact_saved(form, person):
        return go_on(_("Saved for %(name)s.", name=person.name), url_for("desk.person", person_id=person.id))
    return _contact_page(person, form)


@blueprint.post("/desk/people/<id:person_id>/contact/e-mail")
@requires(Permission.TELL_PEOPLE)
def verify_email_of(person_id: int) -> ResponseReturnValue:
    """They read out the code that was sent to their address: it is used from now on."""
    person, form, now = get_person(person_id), EmailCodeForm(), clock.now()
    try_code = lambda: verifying.try_code(person, form.code.data, by=current_user.person, now=now)  # noqa: E731
    if is_done(form, try_code, transacts=False):
        return go_on(_("Saved for %(name)s.", name=person.name), url_for(".contact_of", person_id=person.id))
    return _contact_page(person, ContactForm.of(person, formdata=None), form)


@blueprint.post("/desk/people/<id:person_id>/contact/e-mail/again")
@requires(Permission.TELL_PEOPLE)
def send_email_code_to(person_id: int) -> ResponseReturnValue:
    """Send them another code."""
    person, now = get_person(person_id), clock.now()
    did(lambda: verifying.ask_for_another(person, now=now), _("A new code is on its way."), transacts=False)
    return redirect(url_for(".contact_of", person_id=person.id), 303)


@blueprint.post("/desk/people/<id:person_id>/consent")
@requires(Permission.TELL_PEOPLE)
def set_consent_of(person_id: int) -> ResponseReturnValue:
    """They said at the desk or on the phone that they may be written to and rung up, or may not."""
    authorise(request.form.get("agrees") in {"0", "1"})
    person, agrees = get_person(person_id), request.form["agrees"] == "1"
    with transaction():
        actions.set_consent(person, agrees=agrees, by=current_user.person, now=clock.now())
    return go_on(_("Saved for %(name)s.", name=person.name), url_for(".contact_of", person_id=person_id))


def _contact_page(person: Person, form: ContactForm, code_form: EmailCodeForm | None = None) -> ResponseReturnValue:
    told = queries.inbox(person.id, limit=10).notices
    return contact_page("desk/notices/contact_of.html", person, form, code_form, told=told)


def _see(*, phones: Sequence[Delivery], doors: Sequence[Delivery]) -> None:
    """Note whose whole phone numbers and doors the list shows, and who of them lives alone."""
    for each in phones:
        looks.see_phone(each.notice.person, purpose="ring")
    looks.see_doors(each.notice.person for each in doors)
    looks.see_care(each.notice.person for each in [*phones, *doors])


def _do(delivery_id: int, act: Callable[[Delivery, int, datetime], None], said: str) -> ResponseReturnValue:
    """Do it with a delivery and with what is told in the same call; what somebody else dealt with is left out."""
    delivery = queries.get_delivery(delivery_id)
    authorise(delivery.way in BY_HAND)
    chosen = [(delivery, id_of(request.form.get("tries", "")) or 0)]
    chosen += [(queries.get_delivery(number), tries) for number, tries in read_also(request.form.get("also", ""))]
    authorise(all(is_one_call(delivery, each) for each, _tries in chosen))
    did(lambda: act_on_all(chosen, lambda each, tries: act(each, tries, clock.now())), said)
    if request.form.get("back") == "person" and may(Permission.FIND_PEOPLE):
        return redirect(url_for("desk.person", person_id=delivery.notice.person_id), 303)
    return redirect(url_for(".calls"), 303)
