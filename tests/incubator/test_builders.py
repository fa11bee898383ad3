"""The builders of the incubator make what the database lets be."""

import pytest

from center.incubator.models.incubations import DocumentKind, IncubationStage
from tests.builders import make_person
from tests.incubator.builders import make_decision, make_document, make_incubation

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("stage", list(IncubationStage))
def test_an_organisation_stands_at_any_stage_with_the_decisions_that_led_there(stage: IncubationStage) -> None:
    incubation = make_incubation(stage=stage)
    assert incubation.stage is stage
    assert incubation.step == len(incubation.decisions)


def test_a_decision_hands_it_to_somebody_until_a_day_and_papers_have_versions() -> None:
    clerk = make_person()
    incubation = make_incubation(stage=IncubationStage.SCREENING)
    first, second = make_document(incubation), make_document(incubation)
    assert (first.kind, first.version, second.version) == (DocumentKind.CHARTER, 1, 2)
    make_decision(incubation, IncubationStage.REVIEW, next_owner_id=clerk.id)
    assert (incubation.stage, incubation.owner_id) == (IncubationStage.REVIEW, clerk.id)
