"""What an activity costs, as organisations write it. Pure."""

import re
import unicodedata

_FREE = re.compile(
    r"(?:[¥$€]?0+(?:\.0+)?(?:元|块|块钱|圆|圓|yuan|rmb|cny)?(?:/?(?:人|位|次))?"
    r"|(?:全部|全程|完全)?(?:免费|免費|全免)(?:参加|參加)?|不收费|不收費|不要钱|不要錢|无|無"
    r"|free(?:ofcharge)?|forfree|nocharge|nofee|none|gratis)?"
)


def is_free(fee: str) -> bool:
    """Whether what stands under "costs" means that nobody pays: nothing, 0元, 免费, free."""
    plain = unicodedata.normalize("NFKC", fee).casefold()
    return _FREE.fullmatch(re.sub(r"[\s!.。,，;；~—-]+$|\s+", "", plain)) is not None
