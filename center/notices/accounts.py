"""News of accounts: whoever waited for the desk hears that they may book now."""

from datetime import datetime

from center.kernel.i18n import lazy_gettext as _l
from center.notices import kinds
from center.notices.kinds import Kind
from center.notices.outbox import tell
from center.people.actions import after_confirming
from center.people.models import Account

CONFIRMED = "account.confirmed"
kinds.register(
    [
        Kind(
            code=CONFIRMED,
            title=_l("Account confirmed"),
            subject=_l("The desk has confirmed your account"),
            body=_l("%(name)s, the desk knows now who you are. You can book rooms and sign up for activities."),
            facts=frozenset({"name"}),
        )
    ]
)


def tell_confirmed(account: Account, now: datetime) -> None:
    """Tell somebody that their account is confirmed; once each time it is."""
    key = f"{CONFIRMED}:{account.id}:{now.isoformat()}"
    tell(account.person, CONFIRMED, key=key, facts={}, now=now, path="/me", about=f"account:{account.id}")


after_confirming.append(tell_confirmed)
