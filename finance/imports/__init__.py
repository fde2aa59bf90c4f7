"""What comes in from files: the bank's list, and the debts that paper held before the portal."""
