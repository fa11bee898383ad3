"""What the demonstration shows beside people, rooms and bookings, in the order in which it refers to each other."""

from center.demo.allocations import allocate_rooms
from center.demo.children import look_after_children
from center.demo.closures import polish_floor
from center.demo.covers import add_covers
from center.demo.ended_troupes import end_a_troupe
from center.demo.evidence import show_evidence
from center.demo.feedback import hear_people
from center.demo.filings import show_filings, show_register
from center.demo.holiday_class import offer_holiday_class
from center.demo.hours import give_hours
from center.demo.house import show_house, show_last_days
from center.demo.incubator import incubate
from center.demo.lending import lend_and_sell
from center.demo.notices import tell_some
from center.demo.partners import show_partners
from center.demo.performances import plan_performances
from center.demo.presence import add_wishes
from center.demo.registers import keep_registers
from center.demo.rehearsals import plan_rehearsals
from center.demo.requests import dress_up
from center.demo.series import make_series
from center.demo.troupes import form_troupes
from center.demo.words import show_words

BEFORE_ACTIVITIES = (
    add_wishes,
    make_series,
    dress_up,
)
AFTER_ACTIVITIES = (
    keep_registers,
    look_after_children,
    offer_holiday_class,
    form_troupes,
    end_a_troupe,
    plan_performances,
    plan_rehearsals,
    allocate_rooms,
    incubate,
    give_hours,
    hear_people,
    add_covers,
    lend_and_sell,
    tell_some,
    show_filings,
    show_register,
    show_partners,
    show_house,
    show_evidence,
    show_words,
    show_last_days,
    polish_floor,
)
