"""What addresses of applications lead to: one that is reviewed again, since somebody objected to its first result."""

from datetime import timedelta
from typing import Any

from center.incubator.letters import writing
from center.incubator.models.incubations import DocumentKind, IncubationStage
from center.incubator.models.publications import Objection, ObjectionWay
from center.incubator.models.reviews import Reviewer
from center.kernel.db import transaction
from center.organisations.models import Organisation
from center.people.models import Person
from tests.builders import LONG_AGO, make_person
from tests.incubator.builders import make_decision, make_document, make_incubation
from tests.incubator.review_builders import make_publication, make_review, make_reviewed

LETTER = 2  # the decision that was said by a letter


def of_applications(organisation: Organisation, applicant: Person, reviewer: Person) -> dict[str, Any]:
    """The values, by the names they have in addresses; of `reviewer` is the review that is under way."""
    director = make_person()
    incubation = make_incubation(stage=IncubationStage.SUBMITTED, organisation=organisation, applicant=applicant)
    document = make_document(incubation, DocumentKind.AGREEMENT)
    received = make_decision(
        incubation, IncubationStage.SCREENING, by=director, letter_year=2020, letter_number=incubation.id
    )
    with transaction():
        writing.write(incubation, received)
    make_decision(incubation, IncubationStage.REVIEW, by=director)
    make_reviewed(incubation)
    publication = make_publication(make_decision(incubation, IncubationStage.PUBLISHED, by=director))
    with transaction() as session:
        objection = Objection(
            publication_id=publication.id,
            number=f"QH{incubation.id}",
            way=ObjectionWay.SITE,
            name="某居民",
            contact="19900000077",
            words="情况不实",
            at=publication.starts_at + timedelta(hours=1),
        )
        pooled = Reviewer(person_id=reviewer.id, starts_on=LONG_AGO, added_by_id=director.id, field="社会工作")
        session.add_all([objection, pooled])
    make_decision(incubation, IncubationStage.REVIEW, by=director)
    review = make_review(incubation, [reviewer, make_person(), make_person()])
    return {
        "application": incubation.number,
        "at_step": LETTER,
        "to_stage": "refused",
        "document_id": document.id,
        "review_id": review.id,
        "publication_id": publication.id,
        "objection_id": objection.id,
        "reviewer_id": pooled.id,
    }
