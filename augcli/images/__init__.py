"""Bytes to arrays and back, and the files they stand in."""
