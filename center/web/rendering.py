"""Pages of many facts: a dataclass says which, with their types, and its template gets nothing else."""

from dataclasses import fields
from typing import TYPE_CHECKING

from flask import render_template

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def render(template: str, page: "DataclassInstance") -> str:
    """The page, with each of its facts under the name of its field."""
    return render_template(template, **{each.name: getattr(page, each.name) for each in fields(page)})
