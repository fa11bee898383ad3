"""Whose evidence somebody may see: the organisation's leads, and staff of the incubator; nobody else finds it."""

from center.kernel.access import Permission, authorise, may
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.activities.pages import led_ids


def evidence_of(slug: str) -> Organisation:
    """An organisation whose evidence one may see; raises NotFound."""
    organisation = get_organisation(slug)
    authorise(organisation.id in led_ids() or may(Permission.RUN_INCUBATOR))
    return organisation
