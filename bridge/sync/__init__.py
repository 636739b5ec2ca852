"""The steps of a cycle: poll, sweep, link, plan, apply, record. They touch the world by ports."""
