"""What the tables of people hold of a person."""

from center.kernel.access_log import AccessEvent
from center.kernel.i18n import lazy_gettext as _l
from center.people.drafts import Draft
from center.people.erasing.models import Erasure
from center.people.looked import WORDS
from center.people.models import (
    Account,
    AccountMatch,
    ClaimCode,
    Delegation,
    Guardianship,
    HelperCode,
    Person,
    RoleGrant,
)
from center.people.parts import AT, GOES, NOTE, SINCE, UNTIL, Part, stays
from center.people.rules import ROLE_NAMES
from center.people.second_factor.models import Passkey, PasskeyChallenge, RecoveryCode, SecondFactor
from center.people.session_models import UserSession

PASSKEYS = _l("Passkeys")
SECRET = frozenset({"code_hash"})
CONSENT = _l("By what right something was done for somebody must be able to be told later")

PARTS = (
    Part(
        model=Person,
        title=_l("What the centre knows of them"),
        mine=("id",),
        acted=("door_verified_by_id",),
        says={
            "name": _l("Full name"),
            "sort_key": _l("Pinyin"),
            "phone": _l("Phone"),
            "email": _l("E-mail"),
            "building_id": _l("Building"),
            "unit": _l("Unit"),
            "door": _l("Door"),
            "birth_year": _l("Birth year"),
            "lives_alone": _l("Lives alone"),
            "created_at": _l("Known since"),
        },
        erasing=stays(
            _l("The bare number, to which histories lead"),
            empties=(
                "name",
                "plain_name",
                "sort_key",
                "initials",
                "phone",
                "phone_tail",
                "phone_is_relatives",
                "email",
                "building_id",
                "unit",
                "door",
                "birth_year",
                "door_verified_at",
                "door_verified_by_id",
                "lives_alone",
            ),
        ),
    ),
    Part(
        model=Account,
        title=_l("Account"),
        mine=("person_id",),
        acted=("confirmed_by_id",),
        withheld=frozenset({"password_hash", "password_tag"}),
        says={
            "login": _l("Sign-in name"),
            "created_at": _l("Made"),
            "confirmed_at": _l("Confirmed"),
            "disabled_at": _l("Closed"),
            "disabled_reason": _l("Why it was closed"),
        },
        erasing=GOES,
    ),
    Part(
        model=AccountMatch,
        title=_l("Accounts matched with them"),
        mine=("person_id", "double_id"),
        acted=("matched_by_id", "undone_by_id"),
        withheld=frozenset({"kept"}),  # what undoing it needs; the rows it speaks of are all here
        says={"matched_at": AT, "undone_at": _l("Undone")},
        erasing=GOES,
    ),
    Part(
        model=UserSession,
        title=_l("Where they were signed in"),
        through="account_id",
        withheld=frozenset({"token_hash"}),
        says={"created_at": SINCE, "seen_at": _l("Last used"), "address": _l("Address"), "browser": _l("Browser")},
        erasing=GOES,
    ),
    Part(
        model=Draft,
        title=_l("Forms begun and not sent yet"),
        through="account_id",
        withheld=frozenset({"key"}),
        says={"kept_at": AT},
        erasing=GOES,
    ),
    Part(
        model=SecondFactor,
        title=_l("Second factor"),
        through="account_id",
        withheld=frozenset({"nonce", "last_step"}),
        says={"set_up_at": _l("Set up")},
        erasing=GOES,
    ),
    Part(
        model=RecoveryCode,
        title=_l("Printed codes for the second factor"),
        through="account_id",
        withheld=SECRET,
        says={"made_at": _l("Made"), "used_at": _l("Used")},
        erasing=GOES,
    ),
    Part(
        model=Passkey,
        title=PASSKEYS,
        through="account_id",
        withheld=frozenset({"credential_id", "public_key", "sign_count"}),
        says={"name": _l("Name"), "made_at": _l("Made"), "used_at": _l("Last used")},
        erasing=GOES,
    ),
    Part(model=PasskeyChallenge, title=PASSKEYS, through="session_id", withheld=frozenset({"challenge"}), erasing=GOES),
    Part(
        model=ClaimCode,
        title=_l("Printed codes for an account"),
        mine=("person_id",),
        acted=("issued_by_id",),
        withheld=SECRET,
        says={"issued_at": _l("Printed"), "expires_at": UNTIL, "used_at": _l("Used")},
        erasing=GOES,
    ),
    Part(
        model=HelperCode,
        title=_l("Code for a helper"),
        mine=("person_id",),
        withheld=SECRET,
        says={"made_at": _l("Made"), "expires_at": UNTIL},
        erasing=GOES,
    ),
    Part(
        model=RoleGrant,
        title=_l("Roles"),
        mine=("person_id",),
        acted=("granted_by_id",),
        says={"role": _l("Role"), "grid_id": _l("Grid"), "starts_on": SINCE, "ends_on": UNTIL},
        words={"role": ROLE_NAMES},
        erasing=stays(_l("Who was allowed what must be able to be told later")),
    ),
    Part(
        model=Guardianship,
        title=_l("Children and guardians"),
        mine=("child_id", "guardian_id"),
        named=("child_id", "guardian_id"),
        says={"child_id": _l("Child"), "guardian_id": _l("Guardian"), "starts_on": SINCE, "ends_on": UNTIL},
        erasing=stays(CONSENT),
    ),
    Part(
        model=Delegation,
        title=_l("Who may act for whom"),
        mine=("person_id", "delegate_id"),
        acted=("recorded_by_id", "revoked_by_id"),
        named=("person_id", "delegate_id"),
        says={
            "person_id": _l("Who is helped"),
            "delegate_id": _l("Helper"),
            "starts_on": SINCE,
            "ends_on": UNTIL,
            "consent_note": NOTE,
            "revoked_at": _l("Ended"),
        },
        erasing=stays(CONSENT, empties=("consent_note",)),
    ),
    Part(
        model=AccessEvent,
        title=_l("Who looked at their data"),
        mine=("person_id",),
        acted=("by_id",),
        named=("by_id",),
        withheld=frozenset({"address", "object_id", "press"}),  # of whoever looked
        says={"at": AT, "by_id": _l("Who"), "kind": _l("What"), "subject": _l("Of what")},
        words={"kind": WORDS},
        erasing=stays(
            _l("The law keeps for half a year who looked at what; no name stands in it"),
            empties=("subject",),  # of a door: which
            keeps=("purpose", "endpoint", "object_id", "address", "press"),
        ),
    ),
    Part(
        model=Erasure,
        title=_l("That they were erased"),
        mine=("person_id",),
        acted=("by_id",),
        says={"erased_at": AT},
        erasing=stays(_l("So that it is done again where an older backup is restored"), keeps=("kept",)),
    ),
)
