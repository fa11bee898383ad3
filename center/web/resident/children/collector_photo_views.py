"""The photo of whoever collects a guardian's child, or of the guardian: while they agree themselves, and gone after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors import bars, listing
from center.afterschool.collectors.listing import ListState, standing_of
from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.plans import Collector
from center.afterschool.places import collector_photos
from center.afterschool.places.consents import Text
from center.afterschool.plans import collecting
from center.afterschool.words import MEANS
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.web.activities.photo_forms import MOST_SENT
from center.web.after_school.collector_photos import AnswerForm, OwnAnswerForm, PhotoForm, Whose
from center.web.blueprints import children as blueprint
from center.web.browser_rights import accepts_file
from center.web.rendering import render
from center.web.resident.children.own_child import own_child_read
from center.web.resident.children.record_access import own_hand
from center.web.sending import did, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class CollectorPhotoPage:
    """One collector: what they answered, their photo, and a form to ask them or to send another."""

    child: Person
    name: str
    collector: Collector | None  # None: a guardian of whom nothing was needed yet
    text: Text
    said: CollectorAgreement | None
    photo: CollectorPhoto | None
    form: PhotoForm
    is_kept_away: bool  # whoever looks may not collect the child
    is_own: bool  # a guardian looks at what stands of themselves
    without: Any = collector_photos.WITHOUT
    means: Mapping[Any, Any] = field(default_factory=lambda: MEANS)


@blueprint.route("/children/<id:person_id>/collectors/<id:collector_id>/photo", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def collector_photo(person_id: int, collector_id: int) -> ResponseReturnValue:
    """Show a collector the text, write down what they answer, keep their photo or another one."""
    child = own_child_read(person_id)
    collector = _listed(child, collector_id)
    return _answered(child, collector, lambda: collector)


@blueprint.route("/children/<id:person_id>/collectors/own-photo", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def own_photo(person_id: int) -> ResponseReturnValue:
    """A guardian's own photo, by which staff recognise them when they collect."""
    child, me = own_child_read(person_id), current_user.person
    adults = listing.may_collect(child, clock.today(centre_zone()))
    row = next((each.collector for each in adults if each.is_guardian and each.person_id == me.id), None)
    if row is not None:
        return redirect(url_for(".collector_photo", person_id=child.id, collector_id=row.id), 307)
    return _answered(child, None, lambda: collecting.own_row(child, me, by=me, now=clock.now()))


def _answered(child: Person, collector: Collector | None, whose: Whose) -> ResponseReturnValue:
    text = collector_photos.text_now()
    said = collector_photos.live_of(collector) if collector is not None else None
    is_own = collector is None or collector.person_id is not None
    form = _form(said, text, is_own=is_own)
    asked: list[Collector] = []

    def ask() -> Collector:
        asked.append(whose())
        return asked[-1]

    if is_done(form, lambda: form.keep(ask, hand=own_hand(), now=clock.now()), transacts=False):
        back = url_for(".collector_photo", person_id=child.id, collector_id=asked[-1].id)
        is_kept = collector_photos.find(asked[-1]) is not None
        return go_on(_("The photo is kept, encrypted.") if is_kept else _("Written down."), back)
    if isinstance(form, AnswerForm):
        form.version.data = str(text.version)  # of the text that the page shows now
    page = CollectorPhotoPage(
        child=child,
        name=collector.name if collector is not None else current_user.person.name,
        collector=collector,
        text=text,
        said=said,
        photo=collector_photos.find(collector) if collector is not None else None,
        form=form,
        is_kept_away=bars.is_kept_away(current_user.person, child, now=clock.now()),
        is_own=is_own,
    )
    return render("resident/children/collector_photo.html", page), form.status


def _form(said: CollectorAgreement | None, text: Text, *, is_own: bool) -> PhotoForm:
    """Who has agreed sends a photo; who has not is asked first."""
    has_agreed = said is not None and said.is_given
    form = PhotoForm() if has_agreed else (OwnAnswerForm if is_own else AnswerForm)(version=str(text.version))
    if is_own:
        form.photo.label.text = _("Your photo")
    return form


@blueprint.get("/children/<id:person_id>/collectors/<id:collector_id>/photo.jpg")
@signed_in
def collector_photo_file(person_id: int, collector_id: int) -> ResponseReturnValue:
    """The photo itself."""
    jpeg = collector_photos.find_jpeg(_listed(own_child_read(person_id), collector_id))
    authorise(jpeg is not None)
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@blueprint.post("/children/<id:person_id>/collectors/<id:collector_id>/photo/remove")
@signed_in
def remove_collector_photo(person_id: int, collector_id: int) -> ResponseReturnValue:
    """Delete the photo; they may be photographed anew."""
    collector = _listed(own_child_read(person_id), collector_id)
    did(lambda: collector_photos.remove(collector, hand=own_hand(), now=clock.now()), _("Deleted."))
    return redirect(url_for(".collector_photo", person_id=person_id, collector_id=collector_id), 303)


@blueprint.post("/children/<id:person_id>/collectors/<id:collector_id>/photo/take-back")
@signed_in
def take_back_collector_photo(person_id: int, collector_id: int) -> ResponseReturnValue:
    """They agree no more."""
    collector = _listed(own_child_read(person_id), collector_id)
    now, version = clock.now(), collector_photos.text_now().version
    did(
        lambda: collector_photos.say(collector, is_given=False, version=version, hand=own_hand(), now=now),
        _("Written down: they do not agree. There is no photo of them."),
    )
    return redirect(url_for(".collector_photo", person_id=person_id, collector_id=collector_id), 303)


def _listed(child: Person, collector_id: int) -> Collector:
    """Whoever looks, or somebody whom guardians named to collect this child, now or later; raises NotFound."""
    collector = collecting.get_collector(collector_id)
    is_asked = collector.person_id in {None, current_user.person_id}  # other guardians answer for themselves
    over = standing_of(collector, clock.today(centre_zone())) in {ListState.EXPIRED, ListState.REVOKED}
    authorise(collector.child_id == child.id and is_asked and not over)
    return collector
