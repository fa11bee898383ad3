"""How somebody stands to a troupe, and what they may do with it. Pure."""

from dataclasses import dataclass

from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.troupes import MemberState, Office, Troupe, TroupeMember


@dataclass(frozen=True, kw_only=True)
class TroupeRights:
    """How whoever asks stands to a troupe today."""

    troupe: Troupe
    member: TroupeMember | None = None
    office: Office | None = None
    leads_organisation: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether they see what is its members' alone; who only applied does not yet."""
        states = {MemberState.TRIAL, MemberState.ACTIVE, MemberState.RESTING}
        return self.member is not None and self.member.state in states

    @property
    def may_lead(self) -> bool:
        """Whether they decide who joins, keep the repertoire and plan its seasons."""
        return self.leads_organisation or self.office is not None

    @property
    def may_name(self) -> bool:
        """Whether they say who leads it: the organisation's leads, and the leader who hands it on."""
        return self.leads_organisation or self.office is Office.LEADER

    @property
    def may_read(self) -> bool:
        """Whether they may open its scores and recordings."""
        return self.is_inside or self.may_lead


def refuse_ended(troupe: Troupe) -> None:
    """Raises Conflict where a troupe has ended: nothing is planned, lent or promised in it any more."""
    if troupe.ended_on is not None:
        raise Conflict(_l("This troupe has ended. Its organisation can take that back."))
