"""Pages of the catalogue: models and terms, parts and their proposals, price lists, files that come in."""
