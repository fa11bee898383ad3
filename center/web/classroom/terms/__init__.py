"""Terms of the after-school programme, as whoever runs it makes them: days, schools, classes, rules, enrolment."""
