"""The technical department's services: writing and judging reports, joint reviews, notices, the standard, claims on suppliers."""
