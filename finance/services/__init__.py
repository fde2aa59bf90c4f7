"""The services of finance: the ledger, receipts, the signature on a release, and what parts cost."""
