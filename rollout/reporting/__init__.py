"""Tables a city can defend: a report is described once as data, then rendered into any format."""
