"""What a troupe did in a year, from its records, beside what it is to have done."""
