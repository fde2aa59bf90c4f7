"""Vehicle models and warranty terms; the part master and price lists join with the warehouse's issue (8.1)."""
