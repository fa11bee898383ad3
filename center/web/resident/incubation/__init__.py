"""What applicants do: apply, complete, read letters."""
