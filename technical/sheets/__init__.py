"""How technical's papers look on the screen."""
