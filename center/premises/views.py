"""Pages of premises."""

from flask import Blueprint

blueprint = Blueprint("premises", __name__)
