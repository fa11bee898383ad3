"""Words that pages must bear: as long as their columns without a blank, and with markup in them."""

from sqlalchemy import Enum, String, func, literal, update

from center.kernel.db import Base, transaction

MARKUP = "<img src=x hx-post=/sign-out hx-trigger=load>'\""
LONG = "https://example.org/" + "Donaudampfschifffahrtsgesellschaft" * 3
WORDS = {
    "about", "about_en", "address", "address_en", "body", "bring", "cancel_reason", "change_answer", "change_wanted",
    "choices", "consent_note", "contact", "decision_reason", "desk_hours", "desk_hours_en", "excuse", "fee", "found",
    "gist", "label", "label_en", "lift_reason", "name", "name_en", "note", "notice", "notice_en", "place", "place_en",
    "purpose", "reason", "reason_en", "set_up", "subject", "summary", "summary_en", "title", "title_en", "topic",
    "welcome", "welcome_en", "words", "words_en",
}  # fmt: skip
NO_WORDS = {
    "care_alarms.subject",
    "notices.about",
    "notice_topics.about",
    "notice_deliveries.address",
    "user_sessions.address",
    "own_words.body",
}
NAMED_BY = 12  # letters by which names of one table differ
AS_WRITTEN = (
    *("criteria", "incubation_applications", "incubation_decisions", "incubation_documents", "incubation_letters"),
    *("publications", "score_points"),
    "_events",
    "_paragraphs",
    "_texts",
    "criteria",
    "draws",
    "incidents",
    "incubation_applications",
    "incubation_decisions",
    "incubation_documents",
    "incubation_letters",
    "lots",
    "photos",
    "publications",
)  # the database refuses to change them


def write_long_words() -> None:
    """Put a long word behind whatever anybody wrote."""
    write_behind_all(LONG)


def write_markup() -> None:
    """Put markup before whatever anybody wrote."""
    write_behind_all(MARKUP, is_before=True)


def write_behind_all(words: str, *, is_before: bool = False) -> None:
    """Put these words behind, or before, whatever anybody wrote."""
    with transaction() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                is_words = (
                    column.name in WORDS and isinstance(column.type, String) and not isinstance(column.type, Enum)
                )
                if is_words and str(column) not in NO_WORDS and not table.name.endswith(AS_WRITTEN):
                    most = getattr(column.type, "length", None) or 400
                    before = words[: max(most - NAMED_BY, 0)]  # so that two names stay two
                    both = literal(before) + column if is_before else column + words
                    longer = func.substr(both, 1, most)
                    session.execute(update(table).where(column != "").values({column: longer}))
