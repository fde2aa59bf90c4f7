"""The clock: deadlines, working days, record and sweep."""
