"""Pages of bookings."""

from flask import Blueprint

blueprint = Blueprint("bookings", __name__)
