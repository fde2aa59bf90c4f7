"""What was told to whom, by which channel: inbox and outbox."""
