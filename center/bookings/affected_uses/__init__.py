"""What becomes of bookings that a closure, other hours or a holiday would shut out."""
