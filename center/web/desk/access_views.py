"""Who looked at whose data, and what happened at the site's doors: for those who look over the centre's shoulder."""

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import SearchField, SelectField
from wtforms.validators import Optional

from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.marks import Mark
from center.kernel.spans import day_span
from center.people import looked
from center.people.search import find_people
from center.web.blueprints import desk as blueprint
from center.web.desk.forms import FIND_BY, DaysForm
from center.web.desk.trail_views import MOST_PEOPLE
from center.web.sending import form_page


class AccessForm(DaysForm):
    """Which events to list."""

    kind = SelectField(
        _l("What was seen or done"),
        choices=[("", _l("Everything")), *((kind.value, words) for kind, words in looked.WORDS.items())],
        validators=[Optional()],
    )
    who = SearchField(_l("Who looked"), description=FIND_BY, validators=[Optional()])
    whom = SearchField(_l("Whose data"), description=FIND_BY, validators=[Optional()])


@blueprint.get("/desk/access")
@requires(Permission.SEE_TRAIL)
def access() -> ResponseReturnValue:
    """Who looked at what is sensitive, signed in, or was refused; the latest first."""
    form = AccessForm(request.args)
    page = looked.LookPage([], {}, None)
    if form.validate():
        before = Mark.read(request.args.get("before", ""))
        page = looked.latest(_wanted(form), before=before)
    is_narrowed = any(request.args.get(name) for name in ("first", "last", "kind", "who", "whom", "before"))
    return form_page("desk/access.html", form, page=page, is_narrowed=is_narrowed)


def _wanted(form: AccessForm) -> looked.LooksFilter:
    zone = centre_zone()
    return looked.LooksFilter(
        since=day_span(form.first.data, zone).start if form.first.data else None,
        until=day_span(form.last.data, zone).end if form.last.data else None,
        kind=Kind(form.kind.data) if form.kind.data else None,
        by_ids=_ids(form.who.data),
        person_ids=_ids(form.whom.data),
    )


def _ids(text: str | None) -> list[int] | None:
    """Whom a name means; None where none was given."""
    text = (text or "").strip()
    return [person.id for person in find_people(text, limit=MOST_PEOPLE)] if text else None
