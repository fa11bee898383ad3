"""What the after-school programme keeps, by what it is about: terms, enrolments, consents, plans, staff, custody."""
