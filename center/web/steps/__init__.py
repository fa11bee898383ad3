"""A form of several pages: each question at an address of its own, what was answered kept between them."""
