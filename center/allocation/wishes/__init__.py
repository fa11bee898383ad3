"""What organisations wish of a term: what for, how many people, and the times they would take, the best first."""
