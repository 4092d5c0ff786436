"""What brings Hip Coach to AWS: the bundle, and the stack it runs in."""
