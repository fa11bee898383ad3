"""What an organisation that may not publish by itself wants a public activity to say, until staff have read it."""
