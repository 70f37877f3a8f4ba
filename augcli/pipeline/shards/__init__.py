"""`save_format: npz`: batches of copies in one file, the way `flow` yields them."""
