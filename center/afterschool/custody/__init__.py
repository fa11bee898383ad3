"""Who holds each child at every moment."""
