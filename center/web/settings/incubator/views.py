"""Criteria of reviews as versions, and the pool of reviewers."""

from collections.abc import Iterator
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, Field, HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from center.incubator.models.reviews import CriteriaVersion, Reviewer
from center.incubator.reviews import criteria
from center.incubator.reviews.criteria import CriterionFacts
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.records import get_person
from center.web.blueprints import incubation as blueprint
from center.web.forms import BaseForm, CreatingForm, id_of, text_field
from center.web.people.searching import search
from center.web.sending import did, form_page, go_on, is_done

ROWS = 8


class CriteriaForm(CreatingForm):
    """Up to eight criteria, which together weigh a hundred."""

    last = HiddenField()  # the version that was seen

    def rows(self) -> Iterator[tuple[int, Field, Field, Field]]:
        """The fields of each row, with its number."""
        for n in range(1, ROWS + 1):
            yield n, self[f"name_{n}"], self[f"name_en_{n}"], self[f"weight_{n}"]

    def facts(self) -> list[CriterionFacts]:
        """The rows that are filled in."""
        return [
            CriterionFacts(name.data, name_en.data or "", weight.data or 0)
            for _n, name, name_en, weight in self.rows()
            if name.data
        ]


for _n in range(1, ROWS + 1):
    setattr(CriteriaForm, f"name_{_n}", text_field(_l("Criterion %(n)d", n=_n), most=80, required=False))
    setattr(CriteriaForm, f"name_en_{_n}", text_field(_l("In English"), most=120, required=False))
    _rules = [MayBeEmpty(), NumberRange(1, 100)]
    setattr(CriteriaForm, f"weight_{_n}", IntegerField(_l("Weight"), validators=_rules))


class ReviewerForm(BaseForm):
    """What a reviewer is good at, and from when they may be drawn."""

    field = text_field(_l("Field"), most=80, hint=_l("Such as social work, money, law."), required=False)
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])


@blueprint.route("/settings/incubator", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCUBATOR)
def edit_criteria() -> ResponseReturnValue:
    """The criteria that hold, and a new version of them."""
    latest, here = criteria.latest(), url_for("incubation.edit_criteria")
    form = CriteriaForm(data=_values(latest))

    def publish() -> CriteriaVersion:
        seen = int(form.last.data) if (form.last.data or "").isdigit() else 0
        return criteria.publish(form.facts(), seen=seen, by=current_user.person, now=clock.now())

    if is_done(form, publish, then=here):
        return go_on(_("Published. Reviews that begin from now on use it; those under way keep theirs."), here)
    return form_page("settings/incubator/criteria.html", form, versions=criteria.versions())


@blueprint.route("/settings/incubator/reviewers", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCUBATOR)
def reviewers() -> ResponseReturnValue:
    """Who may be drawn or named, and somebody more."""
    here, person = url_for("incubation.reviewers"), _asked()
    form = ReviewerForm(data={"starts_on": clock.today(centre_zone())})

    def add() -> Reviewer:
        assert person is not None
        by = current_user.person
        return criteria.add_reviewer(person, form.field.data or "", starts_on=form.starts_on.data, by=by)

    if person is not None and is_done(form, add):
        return go_on(_("%(name)s may be drawn and named from now on.", name=person.name), here)
    pool = criteria.pool(on=clock.today(centre_zone()))
    return form_page("settings/incubator/reviewers.html", form, person=person, pool=pool, search=search())


@blueprint.post("/settings/incubator/reviewers/<id:reviewer_id>/end")
@requires(Permission.DECIDE_INCUBATOR)
def end_reviewer(reviewer_id: int) -> ResponseReturnValue:
    """Draw and name somebody no more."""
    reviewer = db.session.get(Reviewer, reviewer_id)
    authorise(reviewer is not None)
    assert reviewer is not None
    today = local_date(clock.now())
    did(lambda: criteria.end_reviewer(reviewer, ends_on=today, by=current_user.person))
    return go_on(_("They are drawn and named no more."), url_for("incubation.reviewers"))


def _asked() -> Person | None:
    number = id_of(request.args.get("person", ""))
    return get_person(number) if number else None


def _values(latest: CriteriaVersion | None) -> dict[str, Any]:
    values: dict[str, Any] = {"last": str(latest.number) if latest else "0"}
    for n, criterion in enumerate(latest.criteria if latest else (), start=1):
        values |= {f"name_{n}": criterion.name, f"name_en_{n}": criterion.name_en, f"weight_{n}": criterion.weight}
    return values
