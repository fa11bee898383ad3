"""By which addresses messages leave the house."""
