"""The main job: read, plan, draw, apply, encode, write, record."""
