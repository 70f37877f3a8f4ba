"""Annotations: files to objects that move with their image, and moved objects back to files."""
