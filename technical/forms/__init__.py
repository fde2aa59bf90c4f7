"""Forms of technical's steps."""
