"""The blueprints on which pages hang. `bookings.show` is named after its blueprint, whichever area its page lies in."""

from flask import Blueprint

activities = Blueprint("activities", __name__)
after_school = Blueprint("after_school", __name__)
allocation = Blueprint("allocation", __name__)
bookings = Blueprint("bookings", __name__)
checkin = Blueprint("checkin", __name__)
children = Blueprint("children", __name__)
classroom = Blueprint("classroom", __name__)
desk = Blueprint("desk", __name__)
evidence = Blueprint("evidence", __name__)
feedback = Blueprint("feedback", __name__)
incubation = Blueprint("incubation", __name__)
notices = Blueprint("notices", __name__)
organisations = Blueprint("organisations", __name__)
people = Blueprint("people", __name__)
posting = Blueprint("posting", __name__)
premises = Blueprint("premises", __name__)
rooms = Blueprint("rooms", __name__)
signups = Blueprint("signups", __name__)
timetable = Blueprint("timetable", __name__)
troupes = Blueprint("troupes", __name__)
web = Blueprint("web", __name__)

ALL: tuple[Blueprint, ...] = tuple(each for each in list(vars().values()) if isinstance(each, Blueprint))
