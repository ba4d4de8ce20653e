"""Files that are made for a parent: calendars and letters, kept for a week and fetched by an address that cannot be guessed."""
