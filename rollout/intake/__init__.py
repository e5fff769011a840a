"""From a stranger's file to checked rows and a receipt as data. GDAL never sees a file in this room."""

import os

# openpyxl takes defusedxml's parser, written in Python, unless told otherwise before it is imported. What that one
# guards against cannot get so far: `markup` has refused every document type, and with it every entity.
os.environ["OPENPYXL_DEFUSEDXML"] = "False"
