"""What customers see: home, report, tracking and the private page (charter 2.2, 3.1; A01–A03, A16, A20, A21, B21, G06)."""
