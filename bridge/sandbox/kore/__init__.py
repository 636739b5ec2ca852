"""The simulated Kore case management: switches, records, operations and the people in it."""
