"""Series: every Tuesday and Thursday until the summer, looked at date by date before they are booked."""
