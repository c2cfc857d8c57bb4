"""Reviewed data files (``data/``) and the loader that brings them into the database."""
