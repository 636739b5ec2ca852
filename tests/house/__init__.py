"""Tests of the house around the code: imports, files, build, image, locks."""
