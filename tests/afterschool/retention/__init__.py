"""How long what is kept of children lasts, and that it goes on time."""
