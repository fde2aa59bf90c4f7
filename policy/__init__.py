"""The company's dated figures: proposed by one, seconded by another."""
