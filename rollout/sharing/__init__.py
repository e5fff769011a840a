"""What leaves the house: audiences, disclosure rules, packages, and the check that nothing else leaves with them."""
