"""What people said of an activity, for its leads: totals from five answers, and sheets to print."""
