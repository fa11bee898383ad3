"""What is shown in place of something that is there and cannot be read (`center.kernel.encrypted`)."""

import enum
from dataclasses import dataclass

from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _


class Reason(enum.Enum):
    """Why something cannot be read."""

    KEY_IS_MISSING = "key is missing"
    ALTERED = "altered"  # or put here from another column, or its key's id now names another key
    OTHER_OWNER = "other owner"  # put here from a row of somebody else


@dataclass(frozen=True)
class Unreadable:
    """In place of a text that is there and cannot be read. A page that shows it says so."""

    reason: Reason
    key: str  # the id of the key it needs
    kept: str | bytes  # as it is in the database, and stays

    def __str__(self) -> str:
        if self.reason is Reason.KEY_IS_MISSING:
            return _("Cannot be read: the key %(key)s is missing.", key=self.key)
        if self.reason is Reason.OTHER_OWNER:
            return _("Cannot be read: it belongs to another record.")
        return _("Cannot be read: it was altered, or the key %(key)s is not the one it was written with.", key=self.key)


class CannotBeRead(Conflict):
    """A text is needed that cannot be read now."""


def text_of(value: str | Unreadable) -> str:
    """The text; raises CannotBeRead, in words, where it cannot be read."""
    if isinstance(value, Unreadable):
        raise CannotBeRead(str(value))
    return value


def file_of(value: bytes | Unreadable) -> bytes:
    """The file; raises CannotBeRead, in words, where it cannot be read."""
    if isinstance(value, Unreadable):
        raise CannotBeRead(str(value))
    return value
