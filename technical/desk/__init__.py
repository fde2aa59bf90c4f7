"""Technical's desks: pages and endpoints of each paper."""
