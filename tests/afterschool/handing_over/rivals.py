"""What the processes of a race for one child do."""

from typing import Any

from tests.race import PATIENCE
from tests.signups.rivals import _app as app_of


def hand_over_at_once(gate: Any, url: str, facts: dict[str, int], children: list[int]) -> list[str]:
    """Hand each child to an adult of one's own, at the same moment as the others; what each was answered."""
    import uuid

    from center.afterschool.collectors.listing import may_collect
    from center.afterschool.custody.ledger import Sent
    from center.afterschool.handing_over.saying import Saying
    from center.afterschool.handing_over.to_adults import Taking, hand_over
    from center.afterschool.models.terms import TermDay
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.people.models import Person

    answers = []
    with app_of(url):
        for child_id in children:
            db.session.rollback()
            gate.wait(PATIENCE)
            with transaction():
                child, by = db.session.get_one(Person, child_id), db.session.get_one(Person, facts["by"])
                day = db.session.get_one(TermDay, facts["day"])
                adults = may_collect(child, day.on_date)
                adult = [each for each in adults if each.is_guardian][facts["nth"]]
                second = db.session.get_one(Person, facts["second"])
                saying = Saying(
                    by=by, now=clock.now(), on=day.on_date, day=day, sent=Sent(nonce=str(uuid.uuid4()))
                )  # fmt: skip
                taking = Taking(adult=adult, child_agreed=True, second=second)
                answers.append(hand_over(child, taking, saying).answer.value)
    return answers
