"""What scripts/superset_dashboard.py hands to Apache Superset: datasets with metrics, and a dashboard."""
