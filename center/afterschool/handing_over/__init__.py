"""What is said of who holds a child: they came, are on the way, went with whom; and what stands against that."""
