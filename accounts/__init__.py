"""People: users, dated postings and grants, who may do what (permission policy)."""
