"""Performances: a programme in versions, who plays in it, what they answer, and which pieces can be played."""
