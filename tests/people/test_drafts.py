"""What somebody answered so far in a form of several pages."""

import pytest

from center.kernel import clock
from center.kernel.db import transaction
from center.people.drafts import find_draft, keep_draft
from tests.builders import make_account
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


@ONE_ENGINE
def test_what_has_led_somewhere_is_not_opened_again_by_who_pressed_at_the_same_time() -> None:
    account, now = make_account(), clock.now()
    for leads_to in ("", "/series/S-1", ""):
        with transaction():
            said = {} if leads_to else {"answers": {"people": ["3"]}}
            keep_draft(account.id, "series", "key", said, leads_to=leads_to, now=now)
    draft = find_draft(account.id, "series", "key", now=now)
    assert draft
    assert (draft.leads_to, draft.said) == ("/series/S-1", "")
