"""Ratings as plain data: the worked example, the published table, and any small ones."""

from hypothesis import strategies as st

from cityshare.agreement import Given
from tests.cityshare.example import DATA as EXAMPLE

EXPECTED = EXAMPLE["expected"]
RATINGS = [
    Given(rater, city, practice, level)
    for city, rows in EXAMPLE["peer"].items()
    for rater, levels in rows.items()
    for practice, level in zip(EXAMPLE["practices"], levels, strict=True)
]
LEVELS = {
    (city, practice): level
    for city, levels in EXPECTED["level"].items()
    for practice, level in zip(EXAMPLE["practices"], levels, strict=True)
}


def table(rows):
    """Ratings from lines as they are printed: a rater, then a level or * for each unit."""
    return [
        Given(line.split()[0], f"unit {unit:02}", "P", int(level))
        for line in rows.strip().splitlines()
        for unit, level in enumerate(line.split()[1:])
        if level != "*"
    ]


PUBLISHED = table("""
    A 1 2 3 3 2 1 4 1 2 * * *
    B 1 2 3 3 2 2 4 1 2 5 * 3
    C * 3 3 3 2 3 4 2 2 5 1 *
    D 1 2 3 3 2 4 4 1 2 5 1 *
""")

TABLES = st.lists(
    st.lists(st.none() | st.integers(1, 5), min_size=4, max_size=4), min_size=1, max_size=8
).map(
    lambda rows: [
        Given(f"rater {rater}", f"city {city}", "P", level)
        for city, row in enumerate(rows)
        for rater, level in enumerate(row)
        if level is not None
    ]
)
