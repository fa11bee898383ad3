"""Pages of the staff: accounts that wait for the desk, printed claim codes, roles."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug import Response

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people import actions, claims, households, likeness, matching, queries, records, rules, shared_phones
from center.people.models import Person, Role
from center.people.policy import may_hand_over
from center.people.second_factor import attempts
from center.web import slips
from center.web.blueprints import people as blueprint
from center.web.people import looks
from center.web.people.forms import ConfirmForm, GrantForm, RefuseForm
from center.web.qr import qr_code
from center.web.sending import did, form_page, go_on, is_done


@blueprint.get("/desk/accounts")
@requires(Permission.CONFIRM_ACCOUNTS)
def waiting_accounts() -> ResponseReturnValue:
    """Accounts that wait for the desk, each with the people who may be the same."""
    waiting = queries.waiting_accounts()
    looks.see_doors(each.person for each in waiting)
    return render_template(
        "desk/people/waiting_accounts.html",
        waiting=waiting,
        alike=queries.likely_same(waiting),
        matches=queries.matches_that_stand(),
        doors=households.count_to_verify(),
    )


@blueprint.route("/desk/accounts/<id:account_id>/confirm", methods=["GET", "POST"])
@requires(Permission.CONFIRM_ACCOUNTS)
def confirm_account(account_id: int) -> ResponseReturnValue:
    """The desk knows who this is, and that they are new here; whether they live where they said is asked by itself."""
    waiting, form = queries.get_account(account_id), ConfirmForm()
    asks = households.has_door(waiting.person) and not households.is_verified(waiting.person)
    if not form.is_submitted() or (asks and not form.validate()):
        looks.see_doors([waiting.person])
        others = shared_phones.others_beside(waiting)
        return form_page("desk/people/confirm_account.html", form, account=waiting, asks=asks, others=others)
    door = actions.Door(form.door.data) if asks else actions.Door.LATER
    did(
        lambda: actions.confirm_account(waiting, by=current_user.person, now=clock.now(), door=door),
        _("%(name)s can book now.", name=waiting.person.name),
    )
    return _back_to_waiting()


@blueprint.route("/desk/accounts/<id:account_id>/merge/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.CONFIRM_ACCOUNTS)
def merge_account(account_id: int, person_id: int) -> ResponseReturnValue:
    """The account is that of somebody the centre knows already: both records side by side, then yes or no."""
    waiting, known = queries.get_account(account_id), records.get_person(person_id)
    authorise(_may_hand_over(known))
    if request.method == "GET":
        return render_template(
            "desk/people/compare_account.html", account=waiting, alike=likeness.compare(waiting.person, known)
        )

    def merge() -> None:
        _hold_for_handing_over(known)
        actions.merge_account(waiting, onto=known, by=current_user.person, now=clock.now())

    did(merge, _("The account now belongs to %(name)s, who can book.", name=known.name))
    return _back_to_waiting()


@blueprint.get("/desk/matches/<id:match_id>")
@requires(Permission.CONFIRM_ACCOUNTS)
def show_match(match_id: int) -> ResponseReturnValue:
    """A match: what undoing brings back, and what somebody has to look at by hand."""
    made = queries.get_match(match_id)
    return render_template(
        "desk/people/show_match.html", match=made, by_hand=matching.not_undone(made, now=clock.now())
    )


@blueprint.post("/desk/matches/<id:match_id>/undo")
@requires(Permission.CONFIRM_ACCOUNTS)
def undo_match(match_id: int) -> ResponseReturnValue:
    """That was somebody else: it goes back, the account waits again, and what is left is named."""
    made = queries.get_match(match_id)
    undo = lambda: matching.undo(made, by=current_user.person, now=clock.now())  # noqa: E731
    if not did(undo, _("Undone: the account waits again, on its own record.")):
        return _back_to_waiting()
    return redirect(url_for("people.show_match", match_id=made.id), 303)


@blueprint.route("/desk/accounts/<id:account_id>/refuse", methods=["GET", "POST"])
@requires(Permission.CONFIRM_ACCOUNTS)
def refuse_account(account_id: int) -> ResponseReturnValue:
    """The desk cannot confirm who this is, and says why."""
    waiting, form = queries.get_account(account_id), RefuseForm()
    if is_done(
        form, lambda: actions.refuse_account(waiting, reason=form.reason.data, by=current_user.person, now=clock.now())
    ):
        flash(_("The account is refused."), "ok")
        return _back_to_waiting()
    return form_page("desk/people/refuse_account.html", form, account=waiting)


@blueprint.post("/desk/people/<id:person_id>/claim-code")
@requires(Permission.CONFIRM_ACCOUNTS)
def issue_claim_code(person_id: int) -> ResponseReturnValue:
    """Print a slip with a code by which a person opens their account, or sets a new password."""
    person, now = records.get_person(person_id), clock.now()
    with transaction():
        _hold_for_handing_over(person)
        code = claims.issue(person, by=current_user.person, now=now)
    address = url_for("people.register", _external=True, _anchor=f"code={code}")
    return slips.slip(
        "desk/people/claim_slip.html",
        person,
        person=person,
        code=claims.in_groups(code),
        address=url_for("people.register", _external=True),
        picture=qr_code(address, is_sized=False),
        last_day=local_date(now + rules.CLAIM_CODE_LASTS),
    )


@blueprint.route("/desk/people/<id:person_id>/roles", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLES)
def roles(person_id: int) -> ResponseReturnValue:
    """A person's roles, and a form to give another."""
    person, today = records.get_person(person_id), local_date(clock.now())
    form = GrantForm(queries.grids(), data={"starts_on": today})
    if is_done(form, lambda: _grant(person, form), then=url_for("people.roles", person_id=person.id)):
        return go_on(_("The role is given."), url_for("people.roles", person_id=person.id))
    has_second = person.account is not None and attempts.has_one(person.account.id)
    grants = queries.grants_of(person.id)
    return form_page(
        "desk/people/roles.html", form, person=person, today=today, grants=grants, has_second_factor=has_second
    )


@blueprint.post("/desk/people/<id:person_id>/roles/<id:grant_id>/end")
@requires(Permission.GRANT_ROLES)
def end_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    """End a role at once."""
    grant = queries.get_grant(grant_id, person_id=person_id)
    did(lambda: actions.end_role(grant, by=current_user.person, today=local_date(clock.now())), _("The role is ended."))
    return redirect(url_for("people.roles", person_id=person_id), 303)


def _grant(person: Person, form: GrantForm) -> None:
    grid = queries.find_grid(form.grid_id.data) if form.grid_id.data else None
    actions.grant_role(
        person,
        Role(form.role.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        grid=grid,
        by=current_user.person,
    )


def _may_hand_over(person: Person) -> bool:
    return may_hand_over(current_user.permissions, queries.grants_of(person.id), today=local_date(clock.now()))


def _hold_for_handing_over(person: Person) -> None:
    """Whoever is a director in this very moment is not handed over by a clerk."""
    records.hold_person(person)
    authorise(_may_hand_over(person))


def _back_to_waiting() -> Response:
    return redirect(url_for("people.waiting_accounts"), 303)
