"""What the pages of registers share, whoever opens them: who may, and how a roll is shown."""
