"""Two organisations exchange room times: one proposes, the other agrees, and both change in one transaction."""
