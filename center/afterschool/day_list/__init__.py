"""The list of a day: where each child is, who counted and looked, what is noted of whom."""
