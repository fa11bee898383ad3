"""How long what is kept of children lasts, and deleting it on time with a proof that names nobody."""
