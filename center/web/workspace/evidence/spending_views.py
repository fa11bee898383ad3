"""What an organisation spent: entries with receipts; a wrong one is struck with a reason and stays to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import DateField, Field

from center.incubator.evidence import rules
from center.incubator.evidence import spending as kept
from center.incubator.evidence.spending import Receipt, Spent
from center.incubator.models.evidence import ReceiptKind, SpendingEntry
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.db import must_find
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.unreadable import file_of
from center.organisations.models import Organisation
from center.web.activities.photo_forms import MOST_SENT, bytes_of
from center.web.blueprints import evidence as blueprint
from center.web.browser_rights import accepts_file
from center.web.forms import BaseForm, CreatingForm, check_field, text_field
from center.web.people.looks import see_paper
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.workspace.evidence.whose import evidence_of

TYPES = {ReceiptKind.JPEG: ("image/jpeg", "jpg"), ReceiptKind.PDF: ("application/pdf", "pdf")}


class SpendingForm(CreatingForm):
    """An entry."""

    spent_on = DateField(_l("Day"))
    what = text_field(_l("What for"), most=200)
    payee = text_field(_l("Paid to"), most=120, required=False, hint=_l("A shop or a company; no private person."))
    amount = text_field(_l("Amount in yuan"), most=20)
    receipt = FileField(
        _l("Bill or receipt"),
        description=_l("A photo of it (JPEG, PNG or WebP), or a PDF file of at most 5 MB."),
    )
    fen = 0
    read: Receipt | None = None

    def validate_amount(self, field: Field) -> None:
        """What was typed, as hundredths."""
        self.fen = check_field(lambda: rules.fen_of(field.data))

    def validate_receipt(self, field: Field) -> None:
        """Read here, before the transaction, since that takes its time."""
        self.read = check_field(lambda: kept.read_receipt(bytes_of(field)))

    @property
    def spent(self) -> Spent:
        """What was typed."""
        typed = {"spent_on": self.spent_on.data, "what": self.what.data, "payee": self.payee.data or ""}
        return Spent(**typed, fen=self.fen, receipt=self.read)


class StrikeForm(BaseForm):
    """Why an entry does not count."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The entry stays to be read, with this reason."))


@dataclass(frozen=True, kw_only=True)
class SpendingPage:
    """What was spent, together and each."""

    organisation: Organisation
    entries: Sequence[SpendingEntry]
    together: str
    form: SpendingForm
    yuan: object = rules.yuan


@blueprint.route("/workspace/<slug>/evidence/spending", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def spending(slug: str) -> ResponseReturnValue:
    """Enter what was spent, and read what was."""
    organisation, form = evidence_of(slug), SpendingForm()
    here = url_for("evidence.spending", slug=slug)
    act = lambda: kept.enter(organisation, form.spent, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act, then=here):
        return go_on(_("The entry is kept."), here)
    entries = kept.entries_of(organisation.id)
    together = rules.yuan(kept.sum_of(entries))
    page = SpendingPage(organisation=organisation, entries=entries, together=together, form=form)
    return render("workspace/evidence/spending.html", page), form.status


@blueprint.get("/workspace/<slug>/evidence/spending/<id:entry_id>/receipt")
@signed_in
def receipt(slug: str, entry_id: int) -> ResponseReturnValue:
    """The receipt of an entry, to be kept: a PDF file is opened by no page of ours."""
    organisation = evidence_of(slug)
    entry = kept.get(organisation.id, entry_id, whole=True)
    kind, suffix = TYPES[must_find(entry.receipt_kind, kept.NONE)]
    head = {"Cache-Control": "private, no-store"}
    head["Content-Disposition"] = f'attachment; filename="receipt-{entry.id}.{suffix}"'
    see_paper(f"{organisation.name} · {entry.spent_on}", why="evidence")
    assert entry.receipt is not None  # it has a kind
    return Response(file_of(entry.receipt), mimetype=kind, headers=head)


@blueprint.route("/workspace/<slug>/evidence/spending/<id:entry_id>/strike", methods=["GET", "POST"])
@signed_in
def strike(slug: str, entry_id: int) -> ResponseReturnValue:
    """Say that an entry does not count, and why."""
    organisation = evidence_of(slug)
    entry, form = kept.get(organisation.id, entry_id), StrikeForm()
    act = lambda: kept.strike(entry, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("The entry does not count any more."), url_for("evidence.spending", slug=slug))
    return form_page(
        "workspace/evidence/strike.html", form, organisation=organisation, entry=entry, amount=rules.yuan(entry.fen)
    )
