"""Reports for people and programs: what was found goes in, a JSON object or a table comes out.

Nothing here decides or reads anything; a report is data (`bridge/domain`), rendering is apart.
"""
