"""Lotteries: the seed that nobody can choose, the draw that happens once, and its result for everybody to repeat."""
