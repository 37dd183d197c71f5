"""Heights under the streets, from rasters of the ground."""
