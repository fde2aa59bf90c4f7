"""Steps of the papers."""
