"""The link with which whoever waited answers an offer."""
