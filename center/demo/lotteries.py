"""The demonstration's lotteries: one that is open still, and one that was drawn, with its result."""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session as DbSession

from center.activities.models import Activity, Session, SessionState
from center.demo.activities import Scene
from center.demo.programme import Extra
from center.signups import actions, rosters
from center.signups.actions import SignUpRequest, Wish
from center.signups.lottery.actions import draw_lots
