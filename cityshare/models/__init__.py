from cityshare.models.assessment import Evidence, OwnView, SelfAssessment, SelfScore
from cityshare.models.asset import Asset, Invitation, Principle, Story, Use, Validation
from cityshare.models.cycle import (
    Conflict,
    ConflictsDeclared,
    Cycle,
    Member,
    StageDeadline,
    Team,
)
from cityshare.models.exchange import Matching, Need, Offer, PeerAssist, Proposal
from cityshare.models.framework import Descriptor, Framework, LevelMeaning, Practice
from cityshare.models.rating import (
    Assignment,
    CalibrationRating,
    Dossier,
    DossierCase,
    Draw,
    Moderation,
    PeerRating,
)
from cityshare.models.vote import Voice, Vote

__all__ = [
    "Asset",
    "Assignment",
    "CalibrationRating",
    "Conflict",
    "ConflictsDeclared",
    "Cycle",
    "Descriptor",
    "Dossier",
    "DossierCase",
    "Draw",
    "Evidence",
    "Framework",
    "Invitation",
    "LevelMeaning",
    "Matching",
    "Member",
    "Moderation",
    "Need",
    "Offer",
    "OwnView",
    "PeerAssist",
    "PeerRating",
    "Practice",
    "Principle",
    "Proposal",
    "SelfAssessment",
    "SelfScore",
    "StageDeadline",
    "Story",
    "Team",
    "Use",
    "Validation",
    "Voice",
    "Vote",
]
