"""What everybody reads of allocations."""
