"""The receipt of an application, on paper in large type, by account or handed out at the desk."""

from flask import url_for

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.places.states import NAMES, place_of
from center.kernel import clock
from center.kernel.i18n import local_date
from center.people.models import Person
from center.signups.queries import place_in_queue
from center.web import slips
from center.web.qr import qr_code


def receipt_of(enrolment: Enrolment, reader: Person) -> str:
    """The receipt of an application, in the language of whoever takes it home."""
    now = clock.now()
    return slips.slip(
        "shared/after_school/receipt.html",
        reader,
        enrolment=enrolment,
        place=place_of(enrolment, on=local_date(now), now=now),
        number=place_in_queue(enrolment.sign_up),
        places=NAMES,
        qr=qr_code(url_for("children.index", _external=True)),
    )
