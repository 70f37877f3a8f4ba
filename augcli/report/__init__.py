"""What people look at: the sample photos of `augcli demo`."""
