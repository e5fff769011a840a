"""From a stranger's file to checked rows and a receipt as data. GDAL never sees a file in this room."""
