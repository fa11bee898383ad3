"""What the states of filings and summaries are called."""

from center.incubator.filings.rules import Stands
from center.kernel.i18n import lazy_gettext as _l

FILING_NAMES = {
    Stands.CHANGED: _l("More people expected: file it again"),
    Stands.DONE: _l("Filed"),
    Stands.LATE: _l("Filing late"),
    Stands.MISSED: _l("Not filed"),
    Stands.NOT_YET: _l("To be filed"),
    Stands.RETURNED: _l("Filing returned"),
    Stands.SOON: _l("File it now"),
}
SUMMARY_NAMES = {
    Stands.DONE: _l("Summed up"),
    Stands.LATE: _l("Summary late"),
    Stands.NOT_YET: _l("Not over yet"),
    Stands.SOON: _l("Sum it up now"),
}
TONES = {
    Stands.CHANGED: "stop",
    Stands.DONE: "ok",
    Stands.LATE: "stop",
    Stands.MISSED: "quiet",
    Stands.NOT_YET: "quiet",
    Stands.RETURNED: "stop",
    Stands.SOON: "wait",
}
