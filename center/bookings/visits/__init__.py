"""Who came and who did not: check-in, rooms given free, missed visits and what a person decides about them."""
