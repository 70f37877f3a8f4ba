"""augcli: expands an image data set into augmented copies, each one on record."""

__version__ = "0.1.0"
