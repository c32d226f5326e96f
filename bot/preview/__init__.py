"""Pages for editors: each text as people will see it, what changed, and what is due."""
