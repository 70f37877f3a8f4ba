"""What people look at: the sheets of `augcli preview`, and the sample photos of `augcli demo`."""
