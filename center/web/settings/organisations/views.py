"""Pages on which staff say what an organisation is, and who belongs to it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.organisations import actions, queries
from center.organisations.models import MemberRole, Organisation
from center.people.models import Person
from center.web.blueprints import organisations as blueprint
from center.web.editing import watch
from center.web.people.searching import picked, search
from center.web.sending import form_page, go_on, is_done, result_of
from center.web.settings.organisations.forms import MemberForm, NewOrganisationForm, OrganisationForm
from center.web.settings.saving import save


@blueprint.route("/settings/organisations/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def new() -> ResponseReturnValue:
    """One more organisation."""
    form = NewOrganisationForm()
    create = lambda: actions.create(form.slug.data, form.facts(), by=current_user.person)  # noqa: E731
    if made := result_of(form, create, then=_members_of):
        return go_on(_("The organisation is here now. Next, say who leads it."), _members_of(made))
    return form_page("settings/organisations/edit.html", form, organisation=None)


@blueprint.route("/settings/organisations/<slug>", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def edit(slug: str) -> ResponseReturnValue:
    """What an organisation is, and whether it publishes without review."""
    organisation = queries.get_organisation(slug)
    form = watch(lambda **given: OrganisationForm(data=OrganisationForm.values_of(organisation), **given))
    change = lambda: actions.edit(organisation, form.facts(), by=current_user.person)  # noqa: E731
    then = url_for("organisations.show", slug=slug)
    return save(form, "settings/organisations/edit.html", change, then=then, organisation=organisation)


@blueprint.route("/settings/organisations/<slug>/members", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def members(slug: str) -> ResponseReturnValue:
    """Who leads and belongs to an organisation; add somebody who was searched for."""
    organisation = queries.get_organisation(slug)
    today = clock.today(centre_zone())
    person, then = picked("person"), _members_of(organisation)
    form = MemberForm(data={"role": MemberRole.MEMBER.value, "starts_on": today})
    if person is not None and is_done(
        form,
        lambda: actions.add_member(
            organisation,
            person=person,
            role=form.wanted_role,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            by=current_user.person,
        ),
        then=then,
    ):
        return go_on(_("%(name)s now belongs to the organisation.", name=person.name), then)
    return _members_page(organisation, form, person)


@blueprint.post("/settings/organisations/<slug>/members/<id:membership_id>/end")
@requires(Permission.EDIT_CENTRE)
def end_membership(slug: str, membership_id: int) -> ResponseReturnValue:
    """End somebody's membership at once."""
    membership = queries.find_membership(membership_id)
    authorise(membership is not None and membership.organisation.slug == slug)
    assert membership is not None
    name = membership.person.name
    with transaction():
        actions.end_membership(membership, by=current_user.person, now=clock.now())
    return go_on(
        _("%(name)s no longer belongs to the organisation.", name=name), url_for("organisations.members", slug=slug)
    )


def _members_of(organisation: Organisation) -> str:
    return url_for("organisations.members", slug=organisation.slug)


def _members_page(organisation: Organisation, form: MemberForm, person: Person | None) -> ResponseReturnValue:
    return form_page(
        "settings/organisations/members.html",
        form,
        organisation=organisation,
        memberships=queries.memberships_of(organisation.id),
        search=search(),
        person=person,
        today=clock.today(centre_zone()),
    )
