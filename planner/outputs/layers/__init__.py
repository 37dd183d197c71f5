"""Layers for a GIS: a GeoPackage that QGIS opens with its colours, headings and metadata."""
