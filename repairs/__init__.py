"""Customer service and engineers (charter 3 and 4): the ticket and its forms 9.1, 9.2, 9.5."""
