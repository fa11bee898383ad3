"""The evidence of a month with two hundred photographs: how long the worker takes to make one file of it.

An organisation of its own is made for it, with ten sessions of six people each, whose registers are closed. The
photographs are as large as those that phones take are kept: about a third of a megabyte each.
"""

import io
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from PIL import Image

from center.activities.models import Session
from center.activities.photos.images import Picture
from center.incubator.evidence import packing, packs, pictures
from center.incubator.models.evidence import EvidencePack, PackState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.organisations.models import Organisation
from tests.builders import make_organisation, make_person
from tests.feedback.builders import make_held
from tests.statements import everything_sent

SESSIONS, PEOPLE, PICTURES = 10, 6, 200
AIM = 10.0  # seconds
TRIES = 20
SIZE = (1600, 1200)


@dataclass(frozen=True)
class Packed:
    """How it went."""

    pictures: int
    megabytes: float
    seconds: float
    statements: int
    state: PackState

    def told(self) -> str:
        """What came of it, in a sentence."""
        wrong = "" if self.state is PackState.READY and self.seconds < AIM else " — WRONG"
        return (
            f"evidence of a month with {self.pictures} photographs ({self.megabytes:.0f} MB): one file in "
            f"{self.seconds:.1f} s by the worker, {self.statements} statements; aim: under {AIM:.0f} s{wrong}"
        )


def make_pack(app: Flask) -> Packed:
    """Let the worker make the pack once."""
    with app.app_context():
        pack_id = _ask()
        began = time.perf_counter()
        with everything_sent() as sent:
            packing.make(pack_id, clock.now())
        took = time.perf_counter() - began
        db.session.rollback()
        made = db.session.get_one(EvidencePack, pack_id, populate_existing=True)
        return Packed(PICTURES, made.size / 1e6, took, len(sent), made.state)


def _held(organisation: Organisation, days: int) -> Session:
    """A session so many days ago; again where the site's worker saw that it was over before anybody had signed up."""
    for _try in range(TRIES):
        with suppress(RuleBroken):
            return make_held(PEOPLE, days=-days, organisation=organisation, about="剪窗花").session
        db.session.rollback()
    raise RuntimeError("the worker was always faster")


def _ask() -> int:
    lead = make_person()
    organisation = make_organisation(leads=[lead])
    sessions = [_held(organisation, days) for days in range(2, 2 + SESSIONS)]
    chance = random.Random("evidence")
    for number in range(PICTURES):
        with transaction():
            drawn = Picture(large=_photo(chance), small=b"", width=SIZE[0], height=SIZE[1])
            session = sessions[number % SESSIONS]
            pictures.add(session, drawn, caption="剪纸", by=lead, now=clock.now())
    last = clock.now().date()
    with transaction():
        return packs.ask(
            organisation, last - timedelta(days=30), last, self_evaluation="顺利", by=lead, now=clock.now()
        ).id


def _photo(chance: random.Random) -> bytes:
    """Noise in large patches: as hard to pack as a photo, and each another one."""
    patches = Image.frombytes("RGB", (200, 150), chance.randbytes(200 * 150 * 3))
    out = io.BytesIO()
    patches.resize(SIZE, Image.Resampling.BICUBIC).save(out, "JPEG", quality=82)
    return out.getvalue()
