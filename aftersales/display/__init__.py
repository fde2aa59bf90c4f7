"""How values look on a page: moments, states, icons. Words and marks only, no rules and no queries."""
