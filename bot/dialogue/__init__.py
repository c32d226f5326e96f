"""What to do about one message. Pure: no clock, no database, no settings."""
