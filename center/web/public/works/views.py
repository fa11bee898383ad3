"""Works on sale with their makers as they want to be named, and what sale days came to."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import authorise, public
from center.troupes.models.works import OFFERED, SaleDayState
from center.troupes.queries import get_troupe
from center.troupes.works import queries
from center.web.blueprints import troupes as blueprint
from center.web.troupes.pages import rights_in
from center.web.troupes.work_words import WORDS

FOR_A_WHILE = "public, max-age=300"  # then it is asked whether it is still there


@blueprint.get("/troupes/<slug>/works")
@public
def public_works(slug: str) -> ResponseReturnValue:
    """What is on sale, when and where; and what earlier sale days came to."""
    troupe, now = get_troupe(slug), clock.now()
    days = queries.public_days(troupe)
    return render_template(
        "public/works/works.html",
        troupe=troupe,
        works=queries.offered(troupe, now=now),
        ahead=[day for day in reversed(days) if day.ends_at > now],
        published=[day for day in days if day.published_at is not None],
        totals=queries.totals(days),
        words=WORDS,
    )


@blueprint.get("/troupes/<slug>/works/<id:work_number>")
@public
def public_work(slug: str, work_number: int) -> ResponseReturnValue:
    """One work, as the code on its label leads to it."""
    troupe = get_troupe(slug)
    work = queries.get_work(troupe, work_number)
    is_shown = work.state in OFFERED and work.sale_day is not None and work.sale_day.state is SaleDayState.APPROVED
    authorise(is_shown or rights_in(troupe).may_lead)
    return render_template("public/works/work.html", troupe=troupe, work=work, words=WORDS)


@blueprint.get("/troupes/<slug>/works/photos/<work_photo>/<size>.jpg")
@public
def work_photo(slug: str, work_photo: str, size: str) -> ResponseReturnValue:
    """The photograph of a work; of what is not on sale only for those who lead the studio."""
    troupe, found = get_troupe(slug), queries.get_photo(work_photo, size)
    is_public = found.work.state in OFFERED
    authorise(found.work.troupe_id == troupe.id and (is_public or rights_in(troupe).may_lead))
    response = Response(getattr(found, size), mimetype="image/jpeg")
    response.headers["Cache-Control"] = FOR_A_WHILE if is_public else "private, no-store"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(f"{work_photo}-{size}")
    response.make_conditional(request)
    return response
