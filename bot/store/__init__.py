"""The database: tables, keys, conversations."""
