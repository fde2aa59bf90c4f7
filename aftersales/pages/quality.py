"""The quality report as one desk: technical's paper, with what the case cost and what follows from it (7.1, 8.9)."""

from technical.desk import reports

DESK = reports.DESK
