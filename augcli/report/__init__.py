"""What people look at: the pictures of `augcli demo`, and later sheets and reports."""
