"""A passkey given in place of a code or of the password, when signing in."""

from flask.typing import ResponseReturnValue

from center.kernel.access import before_second_factor, signed_in
from center.people.second_factor import passkeys
from center.people.second_factor.models import Ceremony
from center.web.blueprints import people as blueprint
from center.web.people.passkeys import answered


@blueprint.route("/sign-in/passkey", methods=["GET", "POST"])
@before_second_factor
@signed_in
def give_passkey() -> ResponseReturnValue:
    """A passkey in place of the code of the phone."""
    return answered(Ceremony.GIVE, passkeys.give, without="people.second_factor")


@blueprint.route("/sign-in/prove/passkey", methods=["GET", "POST"])
@before_second_factor
@signed_in
def prove_by_passkey() -> ResponseReturnValue:
    """A passkey in place of the password that is asked for again."""
    return answered(Ceremony.PROVE, passkeys.prove, without="people.prove")
