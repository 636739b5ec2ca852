"""What the daemon serves over HTTP: two words of health, its figures, and the console."""
