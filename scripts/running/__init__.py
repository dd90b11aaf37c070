"""What the scheduled job asks and tells beside its steps: is anything new (`inputs`), is anything late (`freshness`),
what would land (`preview`), and how it went, for machines (`metrics`).
"""
