"""What all forms share: how they are written into a page."""

import importlib.util

import pytest
from markupsafe import Markup

from center.web.forms import attributes


@pytest.mark.parametrize(
    "said",
    [
        {"value": "10:00", "selected": True},
        {"value": 'says "<b>" & more', "class_": "wide", "data_day_of": 3, "aria_label": "日子", "disabled": False},
        {"value": Markup('<b title="x">'), "name": "", "id": None},
    ],
)
def test_attributes_are_written_as_the_library_writes_them(said: dict[str, object]) -> None:
    spec = importlib.util.find_spec("wtforms.widgets.core")
    assert spec is not None
    assert spec.loader is not None
    library = importlib.util.module_from_spec(spec)  # as it came, beside the one that writes by ours
    spec.loader.exec_module(library)
    assert attributes(**said) == library.html_params(**said)
