"""Publications: what is made known to all, until when, and what is objected."""
