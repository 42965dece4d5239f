"""Whether a picture looks like a photo: light and shade everywhere, and not lines on paper.

A small stand-in for an eye. Text, drawings, charts and logos are made of few tones, a photo of
many: the picture is laid out in tiles, and in a tile of a photo no tone has the upper hand.
"""

from __future__ import annotations

from itertools import accumulate

from PIL import Image

SIDE, TILE = 256, 32
# Tones this near to each other count as one; the share of a tile at which one has the upper hand.
NEAR, UPPER_HAND = 16, 0.5
# A tile of a photo has at least so many of the sixteen shades, each in this share of it.
SHADES, SHARE = 5, 0.03
# So many tiles of 64 make a photo. Those with people in them have ten and more.
ENOUGH = 4
SMALLEST = 48


def looks_like_a_photo(picture: Image.Image) -> bool:
    """Whether there are tiles enough like those of a photo; what is tiny is none."""
    if min(picture.size) < SMALLEST:
        return False
    grey = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.NEAREST)
    places = range(0, SIDE, TILE)
    tiles = [grey.crop((x, y, x + TILE, y + TILE)).histogram() for y in places for x in places]
    return sum(map(_is_of_a_photo, tiles)) >= ENOUGH


def _is_of_a_photo(tones: list[int]) -> bool:
    below = [0, *accumulate(tones)]
    whole = below[-1]
    spans = (below[min(256, tone + NEAR + 1)] - below[max(0, tone - NEAR)] for tone in range(256))
    shades = [below[tone + 16] - below[tone] for tone in range(0, 256, 16)]
    common = [share for share in shades if share >= SHARE * whole]
    return max(spans) < UPPER_HAND * whole and len(common) >= SHADES
