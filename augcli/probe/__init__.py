"""What an augmentation does to a small model, measured before anybody trains a large one."""
