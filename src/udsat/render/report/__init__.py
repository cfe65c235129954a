"""The report: a page about one list, the sheet of one area, and single charts, as HTML and SVG."""
