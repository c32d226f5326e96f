"""Programs for the people who work on the project; the service does not use them."""
