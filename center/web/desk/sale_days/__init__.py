"""Sale days, for staff who approve them."""
