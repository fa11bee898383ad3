"""What those who run an organisation's activities do."""
