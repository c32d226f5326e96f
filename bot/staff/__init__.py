"""The people of the desk: accounts, how they sign in, and how long that lasts."""
