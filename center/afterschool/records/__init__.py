"""What is written down of the programme and shown to those who may see it."""
