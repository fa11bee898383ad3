"""The photo of somebody who collects a guardian's child: while they agree themselves, and gone when they do no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors import bars
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
from center.web.after_school.collector_photos import AnswerForm, PhotoForm
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
    collector: Collector
    text: Text
    said: CollectorAgreement | None
    photo: CollectorPhoto | None
    form: PhotoForm
    is_kept_away: bool  # whoever looks may not collect the child
    without: Any = collector_photos.WITHOUT
    means: Mapping[Any, Any] = field(default_factory=lambda: MEANS)


@blueprint.route("/children/<id:person_id>/collectors/<id:collector_id>/photo", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def collector_photo(person_id: int, collector_id: int) -> ResponseReturnValue:
    """Show a collector the text, write down what they answer, keep their photo or another one."""
    child = own_child_read(person_id)
    collector = _listed(child, collector_id)
    text, said = collector_photos.text_now(), collector_photos.live_of(collector)
    has_agreed = said is not None and said.is_given
    form = PhotoForm() if has_agreed else AnswerForm(version=str(text.version))
    back = url_for(".collector_photo", person_id=child.id, collector_id=collector.id)
    if is_done(form, lambda: form.keep(collector, hand=own_hand(), now=clock.now()), transacts=False):
        is_kept = collector_photos.find(collector) is not None
        return go_on(_("The photo is kept, encrypted.") if is_kept else _("Written down."), back)
    if isinstance(form, AnswerForm):
        form.version.data = str(text.version)  # of the text that the page shows now
    page = CollectorPhotoPage(
        child=child,
        collector=collector,
        text=text,
        said=said,
        photo=collector_photos.find(collector),
        form=form,
        is_kept_away=bars.is_kept_away(current_user.person, child, now=clock.now()),
    )
    return render("resident/children/collector_photo.html", page), form.status


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
    """Somebody whom guardians named to collect this child, now or later; raises NotFound."""
    collector = collecting.get_collector(collector_id)
    over = standing_of(collector, clock.today(centre_zone())) in {ListState.EXPIRED, ListState.REVOKED}
    authorise(collector.child_id == child.id and collector.person_id is None and not over)
    return collector
