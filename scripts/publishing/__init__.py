"""A release: what is copied into it (`contents`), whose names it keeps (`people`), and where it lies (`folder`)."""
