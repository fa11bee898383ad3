"""Names as they are shown where others may look over somebody's shoulder: enough to find who stands there. Pure."""

import re

from center.people.names import HAN

_STAR = "*"
_HAN = re.compile(f"[{HAN}]")


def masked_name(name: str) -> str:
    """王小英 as 王*英, 王英 as 王*, Mary Smith as M. Smith; one letter stays as it is."""
    words = name.split()
    if len(words) > 1:
        return " ".join([*(f"{each[0]}." for each in words[:-1]), words[-1]])
    if not name or len(name) == 1:
        return name
    if not _HAN.match(name):
        return name[0] + _STAR * (len(name) - 1)
    return name[0] + _STAR if len(name) == 2 else name[0] + _STAR * (len(name) - 2) + name[-1]
