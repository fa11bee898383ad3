"""Who reads a complaint: directors, but never those of the organisation that it is about."""

from collections.abc import Collection
from typing import Any

from center.feedback.models import Complaint
from center.kernel.access import Permission
from center.organisations.models import OrganisationKind


def may_read(complaint: Complaint, user: Any, own_organisation_ids: Collection[int]) -> bool:
    """Whoever may read complaints and does not belong to the organisation, unless that is the centre itself."""
    is_director = user.is_authenticated and Permission.READ_COMPLAINTS in user.permissions
    is_centre = complaint.organisation.kind is OrganisationKind.CENTRE
    return bool(is_director and (is_centre or complaint.organisation_id not in own_organisation_ids))
