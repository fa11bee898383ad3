"""The kinds of activities."""
