"""Tests of the centre's software."""
