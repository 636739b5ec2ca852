"""The simulated v2 /tasks service: switches, tasks, operations and the people in it."""
