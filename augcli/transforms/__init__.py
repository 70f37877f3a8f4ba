"""What can happen to a sample.

`TRANSFORMS` lists every transform by its name in YAML; pydantic loads with it, so the import is
made by those who need it, never by `import augcli`.
"""
