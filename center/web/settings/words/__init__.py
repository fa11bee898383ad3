"""The centre's own words for messages."""
