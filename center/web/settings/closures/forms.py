"""Forms of closures."""

from center.web.editing import EditingForm
from center.web.settings.rooms.opening_forms import ClosureForm


class EditClosureForm(ClosureForm, EditingForm):
    """A closure that has not begun yet."""

    room = None
    validate_room = None  # type: ignore[assignment]


class RunningClosureForm(EditClosureForm):
    """A closure that has begun: when it ends and why it is."""

    from_date = None
    from_time = None
