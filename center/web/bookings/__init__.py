"""What pages about bookings share."""
