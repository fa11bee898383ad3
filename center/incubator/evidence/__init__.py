"""Evidence of what an organisation did in a time: photographs, spending, and packs of all of it, made by the worker."""
