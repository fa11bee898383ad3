"""Pages of rooms."""

from flask import Blueprint

blueprint = Blueprint("rooms", __name__)
