"""Who may use an endpoint. Every view declares it; a view that declares nothing is refused and fails a test."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from flask import current_app, g, request
from flask_login import current_user

from center.kernel.errors import Forbidden, NotYours
from center.kernel.i18n import lazy_gettext as _l


class Permission(StrEnum):
    """What a role may do, in alphabetical order. `center.people.rules` says which role has which."""

    ALLOCATE_ROOMS = "allocate_rooms"
    APPROVE_BOOKINGS = "approve_bookings"
    BOOK_FOR_ANYONE = "book_for_anyone"
    CARE_FOR_CHILDREN = "care_for_children"
    CONFIRM_ACCOUNTS = "confirm_accounts"
    DECIDE_INCUBATOR = "decide_incubator"
    EDIT_ACTIVITIES = "edit_activities"
    EDIT_CENTRE = "edit_centre"
    EDIT_PEOPLE = "edit_people"
    EDIT_ROOMS = "edit_rooms"
    EDIT_WORDS = "edit_words"
    ENROL_CHILDREN = "enrol_children"
    FIND_PEOPLE = "find_people"
    GRANT_ROLES = "grant_roles"
    READ_COMPLAINTS = "read_complaints"
    RUN_AFTER_SCHOOL = "run_after_school"
    RUN_INCUBATOR = "run_incubator"
    SEE_BOOKINGS = "see_bookings"
    SEE_DESK = "see_desk"
    SEE_TRAIL = "see_trail"
    SET_UP_ROOMS = "set_up_rooms"
    SIGN_UP_ANYONE = "sign_up_anyone"
    TELL_PEOPLE = "tell_people"
    WALK_ROUND = "walk_round"


@dataclass(frozen=True)
class Access:
    """An endpoint's declaration: open to all, to everyone signed in, or to one permission's holders; and to devices."""

    is_public: bool = False
    permission: Permission | None = None
    before_second: bool = False
    devices: bool = False  # paired ones that check people in; all else is closed to them but what is open to all
    ended_devices: bool = False


View = TypeVar("View", bound=Callable[..., object])


class SignInNeeded(Exception):
    """Nobody is signed in and the page needs somebody; the people package answers it with the sign-in page."""


class SecondFactorNeeded(Exception):
    """Whoever is signed in has not given their second factor yet; the answer is the page that asks for it."""


class DeviceEnded(Exception):
    """A device that was revoked, or whose time is over, asks for a page; it is told to forget everything."""


def public(view: View) -> View:
    """Anyone may use this endpoint."""
    return _declare(view, Access(is_public=True))


def signed_in(view: View) -> View:
    """Anyone who is signed in may use this endpoint; the view checks the object itself."""
    return _declare(view, Access())


def requires(permission: Permission) -> Callable[[View], View]:
    """Only holders of the permission may use this endpoint."""
    return lambda view: _declare(view, Access(permission=permission))


def before_second_factor(view: View) -> View:
    """Whoever is signed in may use this endpoint before they have given their second factor. Put above the others."""
    declared = access_of(view)
    assert declared is not None
    return _declare(view, replace(declared, before_second=True))


def or_device(view: View) -> View:
    """A paired device may use this endpoint, too, and is then asked instead of whoever is signed in; the view checks
    that it is its duty. One that has ended learns that here. Put above the others."""
    declared = access_of(view)
    assert declared is not None
    return _declare(view, replace(declared, devices=True))


def or_ended_device(view: View) -> View:
    """The same, and one that has ended may use it as well: what it did before its end is still taken from it."""
    declared = access_of(view)
    assert declared is not None
    return _declare(view, replace(declared, devices=True, ended_devices=True))


def access_of(view: object) -> Access | None:
    """The declaration of a view, or None when it has none."""
    return getattr(view, "access", None)


def authorise(is_allowed: bool) -> None:
    """Hide an object from those who may not see it: raises NotFound unless allowed."""
    if not is_allowed:
        raise NotYours(_l("There is nothing here, or it is not yours to see."))


def may(permission: Permission) -> bool:
    """Whether the person signed in holds the permission."""
    user = g.get("_login_user") or current_user  # which is looked up each time: a page of the desk asks hundreds
    return permission in user.permissions


def guard() -> None:
    """Before each request: hold the endpoint to its declaration."""
    if request.endpoint is None or request.endpoint == "static":
        return
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise Forbidden(_l("This page has no rule for who may use it, so nobody may."))
    if access.devices and (is_live := current_app.extensions["device_here"]()) is not None:
        if not (is_live or access.ended_devices):
            raise DeviceEnded
        return
    if access.is_public:
        return
    if not current_user.is_authenticated:
        raise SignInNeeded
    if current_user.owes_second and not access.before_second:
        raise SecondFactorNeeded
    if access.permission is not None and not may(access.permission):
        raise Forbidden(_l("Your account may not use this page."))


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
