"""Paper-cut works: their catalogue, the sale days that staff approve, what was sold and for whom."""
