"""Text as it is kept."""

import unicodedata
from typing import Any


def tidy(text: Any) -> Any:
    """Composed Unicode with one kind of line end and no blanks around it."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
