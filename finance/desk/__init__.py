"""Pages and endpoints of finance's papers and months."""
