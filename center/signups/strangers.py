"""Sign-ups of an account that was matched with the wrong person go back with it."""

from datetime import datetime

from sqlalchemy import update

from center.db import db
from center.people.matching import after_undoing
from center.people.models import Person
from center.signups.models import Channel, SignUp, SignUpGroup


def take_along(onto: Person, double: Person, since: datetime) -> None:
    """What a wrongly matched account signed up for by itself since is its own."""
    theirs = (SignUp.signed_by_id == onto.id, SignUp.channel == Channel.ONLINE, SignUp.made_at >= since)
    own = update(SignUp).where(*theirs, SignUp.person_id == onto.id).values(person_id=double.id)
    db.session.execute(own.execution_options(synchronize_session=False))
    done = update(SignUp).where(*theirs).values(signed_by_id=double.id)
    db.session.execute(done.execution_options(synchronize_session=False))
    group = update(SignUpGroup).where(SignUpGroup.signed_by_id == onto.id, SignUpGroup.made_at >= since)
    db.session.execute(group.values(signed_by_id=double.id).execution_options(synchronize_session=False))


after_undoing.append(take_along)
