"""Finance (charter 8). Its place in the layers is kept; the ledger comes with the issue on parts and money."""
