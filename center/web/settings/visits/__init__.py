"""The numbers for missed visits, and for offers of freed time."""
