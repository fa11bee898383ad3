"""Reads of the centre's facts and its calendar."""

from center.db import db
from center.premises.models import CentreFacts


def centre_facts() -> CentreFacts:
    """The centre's facts; unsaved defaults where nobody has entered any yet."""
    found = db.session.get(CentreFacts, 1)
    return found or CentreFacts(
        id=1, zone_name="Asia/Shanghai", language_list="zh,en", name="", name_en="", desk_phone=""
    )
