"""How fast the portal is, as ratios to reference views measured in the same run.

Times differ from machine to machine and minute to minute; a page that costs three times what a
plain table costs does so everywhere. Nothing here asserts anything: the figures are for people.
"""
