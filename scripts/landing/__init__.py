"""How the files vendors export become rows of schema `raw`; the command is `scripts/land.py`."""
