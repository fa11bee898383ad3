"""Signing in, signing out, registering."""
