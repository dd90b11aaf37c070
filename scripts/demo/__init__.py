"""An invented company, Wrenfold, as landing files (`scripts/demo_company.py`)."""
