"""Waiting for a time that is taken, and the offers of freed time that hold it for a while."""
