"""Tests of performances."""
