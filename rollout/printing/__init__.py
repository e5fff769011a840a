"""Paper: an installed browser makes a PDF of a page, and what it writes into it besides is taken out again."""
