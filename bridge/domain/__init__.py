"""What the bridge knows and how it decides: values in, values out; no clock, no I/O."""
