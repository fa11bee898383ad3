"""The papers of a pack as pages and tables: plan, notice, register, feedback, spending, self-evaluation, index."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from center.feedback.words import COULD_FOLLOW, FOLLOWING_NAMES, HOW_WAS_IT, LIKING_NAMES
from center.incubator.evidence.gathering import Gathered, HeldActivity, HeldSession
from center.incubator.evidence.rules import Missing, yuan
from center.incubator.evidence.words import LACKS, PARTS
from center.kernel import tables
from center.kernel.i18n import format_day, language
from center.kernel.i18n import gettext as _

STYLE = Markup(
    "body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 'PingFang SC','Noto Sans CJK SC',sans-serif}"
    "table{width:100%;border-collapse:collapse}th,td{padding:.3rem .6rem;border:1px solid #767676;text-align:start;"
    "overflow-wrap:anywhere}.pre{white-space:pre-line}"
)
Row = tuple[str, str, str, int, str]  # part, path, what it is, bytes, SHA-256


def page(title: str, body: Iterable[Markup]) -> bytes:
    """A page that stands by itself: nothing is loaded for it."""
    tongue = "zh-Hans" if language() == "zh" else "en"
    head = Markup('<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title><style>').format(
        tongue, title
    )
    whole = head + STYLE + Markup("</style></head><body><h1>{}</h1>").format(title)
    return str(whole + Markup("\n").join(body) + Markup("</body></html>\n")).encode()


def plan(activity: HeldActivity, sessions: Sequence[HeldSession]) -> bytes:
    """What was planned: what it is, for how many, and its dates."""
    facts = [(_("Kind"), activity.kind), (_("Expected"), str(activity.expected)), (_("Bring along"), activity.bring)]
    dates = [f"{format_day(each.day)} {each.clocks} {each.place}" for each in sessions]
    return page(
        f"{PARTS['plan']}{_(': ')}{activity.title}",
        [
            _facts(facts),
            _text(activity.filed or activity.about),
            *([_heading(_("Safety plan")), _text(activity.safety_plan)] if activity.safety_plan else ()),
            _heading(_("When and where")),
            _list(dates),
        ],
    )


def summary(activity: HeldActivity) -> bytes:
    """What was written of it once it was over."""
    written = [_text(f"{format_day(on)}\n\n{words}") for on, words in activity.summed_up.items()]
    return page(f"{PARTS['summary']}{_(': ')}{activity.title}", written)


def notice(activity: HeldActivity, sessions: Sequence[HeldSession]) -> bytes:
    """What everybody read of it beforehand."""
    dates = [f"{format_day(each.day)} {each.clocks} {each.place}" for each in sessions]
    facts = [(_("Published"), activity.published_on), (_("Contact"), activity.contact)]
    return page(activity.title, [_text(activity.summary), _facts(facts), _list(dates), _text(activity.about)])


def register(gathered: Gathered) -> bytes:
    """Who came, as counts and shortened names, by session."""
    heads = [
        _("Day"), _("Time"), _("Activity"), _("Place"), _("The register"), _("Expected"), _("There"), _("On leave"),
        _("Absent"), _("Hours (number)"), _("Who came (names shortened)"),
    ]  # fmt: skip
    rows: list[Sequence[object]] = [heads]
    for each in gathered.sessions:
        facts = [each.day.isoformat(), each.clocks, each.title, each.place, each.register]
        rows.append([*facts, *each.numbers, each.hours, "、".join(each.came)])
    widths = (12, 14, 28, 22, 16, 8, 8, 8, 8, 10, 60)
    return tables.workbook(str(PARTS["register"]), rows, bold={1}, widths=widths, freeze="D2")


def feedback(gathered: Gathered) -> bytes:
    """What people said, as totals from five answers on."""
    liking = [f"{HOW_WAS_IT} {words}" for words in LIKING_NAMES.values()]
    following = [f"{COULD_FOLLOW} {words}" for words in FOLLOWING_NAMES.values()]
    rows: list[Sequence[object]] = [
        [_("Day"), _("Activity"), _("Answers"), *liking, *following, _("In their words, in no order")]
    ]
    for each in gathered.sessions:
        if each.totals is None:
            rows.append([each.day.isoformat(), each.title, _("Fewer than five answers")])
            continue
        numbers = [each.totals.liking[one] for one in LIKING_NAMES] + [
            each.totals.following[one] for one in FOLLOWING_NAMES
        ]
        rows.append([each.day.isoformat(), each.title, each.totals.answers, *numbers, "\n".join(each.totals.words)])
    widths = (12, 28, 10, *(14 for _each in liking + following), 60)
    return tables.workbook(str(PARTS["feedback"]), rows, bold={1}, widths=widths, freeze="C2")


def spending(gathered: Gathered, receipts: dict[int, str]) -> bytes:
    """What was spent, with the name of each receipt; what was struck stands there and does not count."""
    rows: list[Sequence[object]] = [
        [_("Day"), _("What for"), _("Paid to"), _("Yuan"), _("Bill or receipt"), _("Does not count, because")]
    ]
    for each in gathered.spent:
        receipt = receipts.get(each.entry_id, "")
        rows.append([each.day.isoformat(), each.what, each.payee, float(yuan(each.fen)), receipt, each.struck])
    together = sum(each.fen for each in gathered.spent if not each.struck)
    rows.append([_("Together"), "", "", float(yuan(together)), "", ""])
    widths = (12, 40, 24, 12, 40, 30)
    return tables.workbook(str(PARTS["spending"]), rows, bold={1, len(rows)}, widths=widths, freeze="A2")


def self_evaluation(gathered: Gathered) -> bytes:
    """How the organisation itself looks back."""
    return page(f"{PARTS['self_evaluation']}{_(': ')}{gathered.organisation_name}", [_text(gathered.self_evaluation)])


def index(gathered: Gathered, rows: Sequence[Row], missing: Sequence[str]) -> bytes:
    """What is in the pack, with a link to each file and its SHA-256; and what is missing."""
    days = f"{format_day(gathered.first)} – {format_day(gathered.last)}"
    body = [_paragraph(days), _heading(_("In this pack"))]
    head = Markup("<tr><th>{}</th><th>{}</th><th>SHA-256</th></tr>").format(_("Part"), _("File"))
    line = Markup('<tr><td>{}</td><td><a href="{}">{}</a><br>{}</td><td><code>{}</code></td></tr>')
    lines = [line.format(part, path, path, what, digest) for part, path, what, _size, digest in rows]
    body.append(Markup("<table>") + head + Markup("\n").join(lines) + Markup("</table>"))
    body += [_heading(_("What is missing")), _list(missing) if missing else _paragraph(_("Nothing is missing."))]
    left_out = _("Left at the centre: phones, homes, whole names and photos of signed sheets. They can be seen there.")
    return page(f"{_('Evidence')}{_(': ')}{gathered.organisation_name}", [*body, _paragraph(left_out)])


def index_table(rows: Sequence[Row], missing: Sequence[str]) -> bytes:
    """The same as a table."""
    head = (_("Part"), _("File"), _("What it is"), _("Bytes"), "SHA-256")
    lacking: list[tuple[object, ...]] = [(_("What is missing"),), *((each,) for each in missing)]
    return tables.workbook_of([(_("In this pack"), [head, *rows]), (_("What is missing"), lacking)])


def said_missing(missing: Sequence[Missing]) -> list[str]:
    """What is missing, in words."""
    return [f"{LACKS[each.lack]}{_(': ')}{each.of}" if each.of else str(LACKS[each.lack]) for each in missing]


def _heading(words: str) -> Markup:
    return Markup("<h2>{}</h2>").format(words)


def _paragraph(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)


def _text(words: str) -> Markup:
    return Markup('<p class="pre">{}</p>').format(words) if words else Markup("")


def _list(lines: Sequence[str]) -> Markup:
    return Markup("<ul>") + Markup("").join(Markup("<li>{}</li>").format(each) for each in lines) + Markup("</ul>")


def _facts(pairs: Sequence[tuple[str, str]]) -> Markup:
    lines = [Markup("<tr><th>{}</th><td>{}</td></tr>").format(label, escape(said)) for label, said in pairs if said]
    return Markup("<table>") + Markup("").join(lines) + Markup("</table>") if lines else Markup("")
