"""What a person writes: the schema of it, its YAML, and every way in which it can be wrong.

`schema` says what a config holds, `loader` makes one from a preset, a file and the command line.
Both load pydantic; `presets` and this package itself do not.
"""
