"""News of accounts: whoever waited for the desk hears that they may book now."""

from datetime import datetime

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Kind, register
from center.notices.outbox import tell
from center.people.actions import after_confirming
from center.people.models import Account

CONFIRMED = Kind(
    code="account.confirmed",
    title=_l("Account confirmed"),
    subject=_l("The desk has confirmed your account"),
    body=_l("%(name)s, the desk knows now who you are. You can book rooms and sign up for activities."),
    facts=frozenset({"name"}),
)
register([CONFIRMED])


def tell_confirmed(account: Account, now: datetime) -> None:
    """Tell somebody that their account is confirmed; once each time it is."""
    key = f"{CONFIRMED.code}:{account.id}:{now.isoformat()}"
    tell(account.person, CONFIRMED, key=key, facts={}, now=now, path="/me", about=f"account:{account.id}")


after_confirming.append(tell_confirmed)
