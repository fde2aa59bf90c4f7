"""Purchase leads (4.2): who registered what when, who follows it up, the sale that follows and its commission."""
