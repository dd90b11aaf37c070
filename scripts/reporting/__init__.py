"""The page: what it asks of the release (`queries/`), what it says about it, how it draws it, and its template."""
