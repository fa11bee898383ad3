"""What a found caller's page is opened with: only a search by a whole number gives it, to the clerk who searched."""

from flask import current_app
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from center.afterschool.models.enrolments import Enrolment
from center.people.models import Person
from center.web.sign_in_cookie import PatientSigner

LASTS = 30 * 60  # seconds: as long as a call takes


def make_key(guardian: Person, enrolment: Enrolment) -> str:
    """For this clerk, this guardian and this place."""
    return key_for(current_user.person_id, guardian.id, enrolment.id)


def key_for(clerk_id: int, guardian_id: int, enrolment_id: int) -> str:
    """The same by their numbers."""
    return str(_signer().dumps([clerk_id, guardian_id, enrolment_id]))


def is_key(text: str, guardian_id: int, enrolment_id: int) -> bool:
    """Whether this clerk has lately found this guardian and this place by a whole number."""
    try:
        found = _signer().loads(text, max_age=LASTS)
    except BadSignature:
        return False
    return bool(found == [current_user.person_id, guardian_id, enrolment_id])


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="a guardian who rings", signer=PatientSigner)
