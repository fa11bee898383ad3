"""What reviewers do: read, declare an interest, score."""
