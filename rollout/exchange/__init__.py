"""What other programs get: the state of one day as a GeoPackage with its styles."""
