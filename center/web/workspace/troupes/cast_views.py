"""Who plays in one place of a programme and who stands in, how long it lasts, and when its people are to be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.troupes.models.pieces import Level
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances import casting, queries
from center.troupes.performances import programme as programmes
from center.troupes.performances.casting import Down
from center.troupes.performances.models import Performance, ProgrammeItem
from center.troupes.performances.programme_now import ProgrammeNow, programme_now
from center.troupes.performances.readiness import Readiness
from center.troupes.performances.reply_models import Reply
from center.web.blueprints import troupes as blueprint
from center.web.editing import watch
from center.web.forms import BaseForm, id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.troupes.pages import led
from center.web.troupes.performance_words import PLAYS, Plays
from center.web.troupes.words import WORDS, Words
from center.web.workspace.troupes.performance_forms import ItemForm

PLAYS_AS, STANDS_IN = "play", "stand_in"


class CastForm(BaseForm):
    """Who is down for a place. What is chosen for each member is read beside it: a row each."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One member: what they answered, what they know of the piece, and as what they are down."""

    member: TroupeMember
    reply: Reply | None
    levels: Sequence[tuple[str, Level]]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class CastPage:
    """One place of the programme, with everybody who could be in it."""

    troupe: Troupe
    performance: Performance
    item: ProgrammeItem
    readiness: Readiness
    standing: ProgrammeNow
    rows: Sequence[Row]
    choices: Sequence[tuple[str, str]]
    form: CastForm
    plays: Plays = field(default_factory=lambda: PLAYS)
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.route(
    "/workspace/troupes/<slug>/performances/<id:performance_id>/programme/<id:position>/cast", methods=["GET", "POST"]
)
@signed_in
def cast(slug: str, performance_id: int, position: int) -> ResponseReturnValue:
    """Say of each member whether they play there, in which part, or stand in."""
    troupe = led(slug)
    found = queries.get_performance(troupe, performance_id)
    version = queries.newest_of(found.id)
    item = programmes.item_at(version, position)
    standing, form = programme_now(found, version), CastForm()
    people = [each for each in standing.members.values() if each.state is not MemberState.LEFT]
    looks.see(Kind.ROLL, [each.person for each in people], subject=troupe.name)

    def save() -> None:
        draft = programmes.open_programme(found, by=current_user.person, now=clock.now())
        casting.set_cast(found, programmes.item_at(draft, position), _wanted(people))

    here = url_for("troupes.programme", slug=slug, performance_id=found.id, _anchor=f"place-{position}")
    if is_done(form, save):
        return go_on(_("It is written down who plays."), here)
    typed = request.form if form.is_submitted() else None
    page = CastPage(
        troupe=troupe,
        performance=found,
        item=item,
        readiness=standing.readiness[item.id],
        standing=standing,
        rows=_rows(item, people, standing, typed),
        choices=_choices(item),
        form=form,
    )
    return render("workspace/troupes/cast.html", page), form.exact_status


@blueprint.route(
    "/workspace/troupes/<slug>/performances/<id:performance_id>/programme/<id:position>", methods=["GET", "POST"]
)
@signed_in
def programme_item(slug: str, performance_id: int, position: int) -> ResponseReturnValue:
    """How long a place lasts here, how long the change after it takes, and when its people are to be there."""
    found = queries.get_performance(led(slug), performance_id)
    item = programmes.item_at(queries.newest_of(found.id), position)
    form = watch(lambda **given: ItemForm(data=ItemForm.values_of(item), **given))

    def save() -> object:
        return programmes.set_item(
            found,
            position,
            seconds=form.minutes.data * 60 + form.seconds.data,
            change_seconds=form.change_seconds.data,
            call_at=form.call(),
            by=current_user.person,
            now=clock.now(),
        )

    if is_done(form, save):
        here = url_for("troupes.programme", slug=slug, performance_id=found.id, _anchor=f"place-{position}")
        return go_on(_("Saved."), here)
    return form_page(
        "workspace/troupes/programme_item.html",
        form,
        troupe=found.troupe,
        performance=found,
        item=item,
        plays=PLAYS,
    )


def _choices(item: ProgrammeItem) -> list[tuple[str, str]]:
    parts = (
        [(each.part_id, in_language(each.part.name, each.part.name_en)) for each in item.piece.parts]
        if item.piece
        else []
    )
    named = [(f"{PLAYS_AS}:{part_id}", _("plays: %(part)s", part=name)) for part_id, name in parts]
    spare = [(f"{STANDS_IN}:{part_id}", _("stands in: %(part)s", part=name)) for part_id, name in parts]
    whichever = (PLAYS_AS, _("plays")) if not parts else (PLAYS_AS, _("plays: whichever part is needed"))
    anything = (STANDS_IN, _("stands in")) if not parts else (STANDS_IN, _("stands in: whichever part is needed"))
    return [*named, whichever, *spare, anything]


def _rows(
    item: ProgrammeItem, people: Sequence[TroupeMember], standing: ProgrammeNow, typed: Mapping[str, str] | None
) -> list[Row]:
    down = {each.member_id: _chosen(each.part_id, is_stand_in=each.is_stand_in) for each in item.performers}
    known: dict[int, list[tuple[str, Level]]] = {}
    names = (
        {each.part_id: in_language(each.part.name, each.part.name_en) for each in item.piece.parts}
        if item.piece
        else {}
    )
    for each in queries.knowledge_of(item.troupe_id):
        if each.piece_id == item.piece_id and each.part_id in names:
            known.setdefault(each.member_id, []).append((names[each.part_id], each.level))
    rows = []
    for member in people:
        chosen = typed.get(f"member-{member.id}", "") if typed is not None else down.get(member.id, "")
        levels, reply = known.get(member.id, []), standing.replies.get(member.id)
        rows.append(Row(member=member, reply=reply, levels=levels, chosen=chosen))
    return rows


def _chosen(part_id: int | None, *, is_stand_in: bool) -> str:
    how = STANDS_IN if is_stand_in else PLAYS_AS
    return how if part_id is None else f"{how}:{part_id}"


def _wanted(people: Sequence[TroupeMember]) -> list[Down]:
    wanted = []
    for member in people:
        how, _colon, part = request.form.get(f"member-{member.id}", "").partition(":")
        if how in {PLAYS_AS, STANDS_IN}:
            wanted.append(Down(member=member, part_id=id_of(part), is_stand_in=how == STANDS_IN))
    return wanted
