"""The words of letters, and a letter as a document of Word, filled in from a template. Never commits."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from center.incubator.models.incubations import Incubation, IncubationDecision, IncubationStage
from center.incubator.models.publications import IncubationLetter
from center.kernel.db import db
from center.kernel.i18n import centre, format_day, in_language, languages_on_offer, local_date, speaking
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

TEMPLATE = Path(__file__).with_name("letter.docx")
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLES: Mapping[IncubationStage, Any] = {
    IncubationStage.RETURNED: _l("Request to complete an application"),
    IncubationStage.SCREENING: _l("Receipt of an application"),
    IncubationStage.REFUSED: _l("Decision not to take an organisation in"),
    IncubationStage.SIGNING: _l("Decision to take an organisation in"),
    IncubationStage.EXTENDED: _l("Decision to let an organisation stay for longer"),
    IncubationStage.GRADUATED: _l("Certificate of graduation"),
    IncubationStage.WITHDRAWING: _l("Notice of withdrawal"),
    IncubationStage.WITHDRAWN: _l("Confirmation of withdrawal"),
}
BODIES: Mapping[IncubationStage, Any] = {
    IncubationStage.RETURNED: _l(
        "we have looked at your application %(number)s. Please complete it until %(due)s and send it in again."
    ),
    IncubationStage.SCREENING: _l(
        "we have received your application %(number)s. You hear from us until %(due)s how the first check went."
    ),
    IncubationStage.REFUSED: _l(
        "we do not take your organisation into the incubator. You may ask for another look at this decision; somebody "
        "else then looks at it."
    ),
    IncubationStage.SIGNING: _l(
        "your organisation is taken into the incubator. Please sign the agreement with us until %(due)s."
    ),
    IncubationStage.EXTENDED: _l("your organisation stays in the incubator for longer."),
    IncubationStage.GRADUATED: _l("your organisation has graduated from the incubator. We congratulate you."),
    IncubationStage.WITHDRAWING: _l(
        "your organisation leaves the incubator. Keys, seats and bookings are handed over until %(due)s."
    ),
    IncubationStage.WITHDRAWN: _l("your organisation has left the incubator, and everything is handed over."),
}


def has_letter(to_stage: IncubationStage) -> bool:
    """Whether a decision that leads there is said by a letter."""
    return to_stage in TITLES


def write(incubation: Incubation, decision: IncubationDecision) -> IncubationLetter:
    """The letter that says a decision, in the centre's first language and in the words of this moment."""
    with speaking(languages_on_offer()[0]):
        due = format_day(decision.next_due_on) if decision.next_due_on else ""
        said = str(BODIES[decision.to_stage]) % {"number": incubation.number, "due": due}
        reason = _("The reason: %(reason)s", reason=decision.reason) if decision.reason else ""
        letter = IncubationLetter(
            decision_id=decision.id,
            title=str(TITLES[decision.to_stage]),
            addressee=in_language(incubation.organisation.name, incubation.organisation.name_en)[:120],
            body="\n\n".join(part for part in (said, reason) if part),
            made_at=decision.at,
        )
    db.session.add(letter)
    db.session.flush()
    return letter


def letters_of(incubation: Incubation) -> dict[int, IncubationLetter]:
    """All letters of an organisation, by their decision."""
    query = select(IncubationLetter).join(IncubationLetter.decision)
    query = query.where(IncubationDecision.incubation_id == incubation.id)
    return {letter.decision_id: letter for letter in db.session.scalars(query)}


def number_of(decision: IncubationDecision) -> str:
    """The number of a letter as it is written: 青孵〔2026〕7号."""
    return _("Incubator [%(year)s] No. %(number)s", year=decision.letter_year, number=decision.letter_number)


def document(letter: IncubationLetter) -> bytes:
    """The letter as a document of Word. Whatever somebody wrote is text in it, and no markup."""
    from docxtpl import DocxTemplate, Listing  # heavy, and needed here only

    filled = DocxTemplate(TEMPLATE)
    with speaking(languages_on_offer()[0]):
        facts = centre()
        said = {
            "title": letter.title,
            "number": number_of(letter.decision),
            "addressee": letter.addressee,
            "body": Listing(letter.body),
            "centre": in_language(facts.name, facts.name_en),
            "day": format_day(local_date(letter.made_at), with_weekday=False),
        }
    filled.render(said, autoescape=True)
    out = BytesIO()
    filled.save(out)
    return out.getvalue()
