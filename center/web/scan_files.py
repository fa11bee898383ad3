"""What a device saved as a file because it could not send it: read back as it was written, by whole or not at all."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

FORMAT = "qinghe-check-in"
MOST_BYTES = 1024 * 1024
MOST_ITEMS = 2000


@dataclass(frozen=True)
class ScanFile:
    """The items of a file, each with the number of its session."""

    device: str
    items: tuple[dict[str, Any], ...]

    def by_session(self) -> dict[int, list[dict[str, Any]]]:
        """The items of each session, in the order in which they stand in the file."""
        sessions: dict[int, list[dict[str, Any]]] = {}
        for each in self.items:
            sessions.setdefault(each["session"], []).append(each)
        return sessions


def read_scan_file(content: bytes) -> ScanFile:
    """The file as the page of check-in wrote it. Raises RuleBroken, on "file", for any other, and for one that was
    altered."""
    if len(content) > MOST_BYTES:
        raise RuleBroken(_l("This file is too large. A file of check-ins has at most 1 MB."), field="file")
    try:
        whole = json.loads(content.decode("utf-8"))
        items = whole["items"]
        is_ours = whole["format"] == FORMAT and isinstance(items, list)
        device = str(whole.get("device", ""))[:60]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        is_ours, items, device, whole = False, [], "", {}
    if not is_ours or not all(isinstance(each, dict) and _is_id(each.get("session")) for each in items):
        raise RuleBroken(_l("This is not a file that a check-in page saved."), field="file")
    if digest_of(items) != whole.get("digest"):
        raise RuleBroken(_l("This file was changed, or did not come whole. Save it again on the device."), field="file")
    if len(items) > MOST_ITEMS:
        raise RuleBroken(_l("This file has more than 2,000 check-ins. Save it again in parts."), field="file")
    return ScanFile(device, tuple(items))


def digest_of(items: list[dict[str, Any]]) -> str:
    """What the items sum up to, as a browser writes them (`JSON.stringify`)."""
    plain = json.dumps(items, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _is_id(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31
