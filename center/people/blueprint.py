"""The one blueprint of people, on which all its view files hang their pages."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
