"""The blueprint of the timetable's pages, apart, so that several files can add pages to it."""

from flask import Blueprint

blueprint = Blueprint("timetable", __name__)
