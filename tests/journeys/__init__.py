"""One errand a file: a person's whole way through the site, in a real browser."""
