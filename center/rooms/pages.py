"""The blueprint of rooms' pages, apart, so that several files can add pages to it."""

from flask import Blueprint

blueprint = Blueprint("rooms", __name__)
