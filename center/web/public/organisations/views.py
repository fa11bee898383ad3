"""The list of organisations, and the page of one."""

from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel.access import public
from center.organisations import policy, queries, rules, words
from center.web.blueprints import organisations as blueprint
from center.web.public.organisations.forms import OrganisationFilterForm

blueprint.app_context_processor(lambda: {"organisation_words": words})


@blueprint.get("/organisations")
@public
def index() -> ResponseReturnValue:
    """All organisations by kind, with a filter."""
    form = OrganisationFilterForm(request.args)
    found = rules.matching(queries.all_organisations(), form.q.data or "", form.wanted_kind)
    order = list(words.KIND_NAMES)
    by_kind = groupby(sorted(found, key=lambda each: order.index(each.kind)), key=lambda each: each.kind)
    kinds = [(kind, list(members)) for kind, members in by_kind]
    return render_template("public/organisations/index.html", form=form, kinds=kinds, count=len(found))


@blueprint.get("/organisations/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """What an organisation is and does."""
    organisation = queries.get_organisation(slug)
    may_edit = policy.may_edit_members(current_user)
    return render_template("public/organisations/show.html", organisation=organisation, may_edit_members=may_edit)
