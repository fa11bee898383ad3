"""What people do for themselves, and for those they act for."""
