"""`augcli check` looks at a data set: what in it would hurt a model, and what would help."""
