"""What the demonstration shows of words and helpers: one message in the centre's own words, one helper, one "no"."""

from datetime import timedelta

from center.demo.scene import Scene
from center.demo.source import centre
from center.notices.models import ContactPreference, OwnWords, Preferred
from center.people.models import Consent, Delegation, DelegationScope
from center.reminders.words import SESSION_TOMORROW

DAYS = 120


def show_words(scene: Scene) -> None:
    """The director has written a warmer reminder; a parent lets the grid worker act for her; one wants no messages."""
    cast = scene.cast
    written = {"changed_at": scene.now - timedelta(days=9), "changed_by_id": cast["director"]}
    helper = Delegation(
        person_id=cast["resident"],
        delegate_id=cast["grid"],
        scope=DelegationScope.SIGN_UPS,
        starts_on=scene.today - timedelta(days=3),
        ends_on=scene.today + timedelta(days=DAYS),
        consent=Consent.OWN_ACCOUNT,
        recorded_by_id=cast["resident"],
        recorded_at=scene.now - timedelta(days=3),
    )
    no = ContactPreference(person_id=cast["wheelchair"], preferred=Preferred.AUTOMATIC, changed_by_id=cast["clerk"])
    no.changed_at = no.withdrawn_at = scene.now - timedelta(days=5)
    words = OwnWords(kind=SESSION_TOMORROW.code, language="zh", **centre()["own_words"], **written)
    scene.session.add_all([words, helper, no])
    scene.session.flush()
