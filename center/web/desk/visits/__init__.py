"""Who came and who did not."""
