"""How many people found out that a workshop is not for them; nobody knows who they were."""

from __future__ import annotations

from django.db import models
from django_countries.fields import CountryField

from applications.models.call import Call


class EligibilityCount(models.Model):
    """A number of answers to the eligibility check: of one country, with one outcome.

    `reason` is that which turned them away, "" for those who may apply.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="eligibility_counts")
    country = CountryField(blank=True)
    reason = models.CharField(max_length=20, blank=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "country", "reason"], name="one_count_of_a_country_and_reason"
            )
        ]

    def __str__(self):
        return f"{self.country.name}: {self.number}"
