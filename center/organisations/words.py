"""What the states and kinds of an organisation are called."""

from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import LegalForm, MemberRole, OrganisationKind, Origin, Stage

KIND_NAMES = {
    OrganisationKind.LIVING_SERVICES: _l("Living services"),
    OrganisationKind.COMMUNITY_AFFAIRS: _l("Community affairs"),
    OrganisationKind.CULTURE_SPORTS: _l("Culture and sports"),
    OrganisationKind.CHARITY: _l("Charity"),
    OrganisationKind.CENTRE: _l("The centre itself"),
    OrganisationKind.DEPARTMENT: _l("Visiting departments"),
}
ORIGIN_NAMES = {
    Origin.INCUBATED: _l("Incubated here"),
    Origin.INTRODUCED: _l("Introduced from outside"),
}
STAGE_NAMES = {
    Stage.APPLIED: _l("Has applied"),
    Stage.INCUBATING: _l("Incubating"),
    Stage.MID_REVIEW: _l("In mid-term review"),
    Stage.EXTENDED: _l("Extended"),
    Stage.GRADUATED: _l("Graduated"),
    Stage.WITHDRAWN: _l("Withdrawn"),
}
STAGE_TONES = {
    Stage.APPLIED: "wait",
    Stage.INCUBATING: "info",
    Stage.MID_REVIEW: "wait",
    Stage.EXTENDED: "info",
    Stage.GRADUATED: "ok",
    Stage.WITHDRAWN: "quiet",
}
LEGAL_FORM_NAMES = {
    LegalForm.FILED: _l("Filed with the subdistrict"),
    LegalForm.REGISTERED: _l("Registered with civil affairs"),
}
MEMBER_ROLE_NAMES = {
    MemberRole.LEAD: _l("Lead"),
    MemberRole.EDITOR: _l("Editor: writes activities and submits them"),
    MemberRole.CHECK_IN: _l("Check-in only: sees who comes"),
    MemberRole.MEMBER: _l("Member"),
}
