"""The demonstration company: made by driving the real services with a moved clock, never by inserting finished rows."""
