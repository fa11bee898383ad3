"""Letters that say a decision, as a page to print and as a document."""
