"""How fast the site is, beside a bare page on the same server: `make bench`, or `python -m bench --help`."""
