"""Errand 15: a reviewer reads on a tablet at home, says that she has no interest, scores without seeing the others."""

from playwright.sync_api import Page, ViewportSize, expect

from center.incubator.models.incubations import DocumentKind, Incubation, IncubationStage
from center.kernel.db import transaction
from center.people.models import Account, Role
from tests.builders import make_account, make_organisation, make_person
from tests.incubator.builders import make_document, make_incubation
from tests.incubator.review_builders import make_review, make_score
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage

TABLET: ViewportSize = {"width": 820, "height": 1180}


def _under_review(name: str, name_en: str) -> tuple[Incubation, Account, Account]:
    """An organisation under review, with a reviewer who has not answered and one who has signed; and the director."""
    reviewer, director = make_account(make_person(name="汤评审")), make_account(roles=[Role.DIRECTOR])
    organisation = make_organisation(name=name, name_en=name_en, is_listed=False)
    incubation = make_incubation(
        stage=IncubationStage.REVIEW, organisation=organisation, applicant=make_person(), owner=director.person
    )
    make_document(incubation, DocumentKind.PLAN)
    others = [make_person(name="先签"), make_person(name="后签")]
    review = make_review(incubation, [reviewer.person, *others])
    with transaction():
        review.seats[0].declared_at = None
    make_score(review, others[0], 9)
    return incubation, reviewer, director


def test_she_reads_everything_in_one_place_and_scores_blind(open_page: OpenPage) -> None:
    incubation, reviewer, director = _under_review("童心绘本馆", "Picture Book House")
    number = incubation.number
    page = open_page("/me/account", account=reviewer, viewport=TABLET)
    page.get_by_role("main").get_by_role("link", name="我的评审").click()
    page.get_by_role("link", name="童心绘本馆").click()
    expect(page.get_by_role("main")).not_to_contain_text("plan.pdf")  # not before she has answered
    assert_good(page)
    page.get_by_label("没有利害关系").check(force=True)
    page.get_by_role("button", name="下一步").click()
    with page.expect_download() as paper:
        page.get_by_role("link", name="第一年计划书").click()
    assert paper.value.suggested_filename == "plan.pdf"
    expect(page.get_by_role("main")).not_to_contain_text("先签")
    assert_good(page)
    _give(page, "公益性", 7)
    page.get_by_role("button", name="先保存").click()
    page.get_by_role("button", name="签字").click()  # two criteria have no points yet
    expect(page.get_by_role("alert")).to_be_visible()
    _give(page, "团队", 2)
    _give(page, "可行性", 8)
    page.get_by_label("优点和不足？").fill("团队太小。")
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_role("main")).to_contain_text("55.0")  # 7 × 40 + 2 × 35 + 8 × 25 of a thousand
    expect(page.get_by_role("main")).to_contain_text("先签")  # now she may read what others have signed
    expect(page.get_by_role("button", name="签字")).to_have_count(0)
    assert_good(page)
    desk = open_page(f"/desk/incubator/{number}", account=director, viewport=DESK, lang="en")
    expect(desk.get_by_role("main")).to_contain_text("The points are shown once everybody has signed.")
    expect(desk.get_by_role("main")).not_to_contain_text("55.0")


def test_an_interest_she_remembers_later_voids_her_sheet_and_the_director_hears(open_page: OpenPage) -> None:
    incubation, reviewer, director = _under_review("楼道文化社", "Stairwell Culture")
    number = incubation.number
    page = open_page("/me/reviews", account=reviewer, viewport=TABLET, lang="en")
    page.get_by_role("link", name="Stairwell Culture").click()
    page.get_by_label("No, I have no interest in it").check(force=True)
    page.get_by_role("button", name="Go on").click()
    for criterion in ("公益性", "团队", "可行性"):
        _give(page, criterion, 5)
    page.get_by_role("button", name="Sign it").click()
    page.get_by_role("link", name="I have an interest after all").click()
    page.get_by_label("Family of somebody who leads it").check(force=True)
    page.get_by_role("button", name="Declare it").click()
    expect(page.get_by_role("main")).to_contain_text("You have an interest: you do not score")
    desk = open_page(f"/desk/incubator/{number}", account=director, viewport=DESK, lang="en")
    expect(desk.get_by_role("main")).to_contain_text("Fewer than three reviewers are left")
    assert_good(desk)
    desk.goto("/me/notices")
    expect(desk.get_by_role("main")).to_contain_text("缺一名评审人")  # in her own language


def _give(page: Page, criterion: str, points: int) -> None:
    group = page.get_by_role("group", name=criterion)
    group.get_by_label(str(points), exact=True).check(force=True)
