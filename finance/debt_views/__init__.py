"""Finance's pages of debts: what is owed, asking for it, giving it up, money on site, credit, the bank's list, the opening."""
