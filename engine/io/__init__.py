"""Weights in files: read, checked before they are believed, and written."""
