"""Quality: reports 9.6 with evidence, judgement, appeal and review; the standard 9.7; rectification; claims on suppliers."""

from .judging import OURS, OUTSIDE, Appeal, PanelMember, Party, Review, Share, Vote
from .notices import Campaign, CampaignVehicle, Notice, NoticePicture
from .reports import Dispute, Exhibit, FailureMode, Picture, Report
from .standard import Clause, Method, Severity, Standard, StandardStage
from .suppliers import SupplierClaim

__all__ = [
    "OURS",
    "OUTSIDE",
    "Appeal",
    "Campaign",
    "CampaignVehicle",
    "Clause",
    "Dispute",
    "Exhibit",
    "FailureMode",
    "Method",
    "Notice",
    "NoticePicture",
    "PanelMember",
    "Party",
    "Picture",
    "Report",
    "Review",
    "Severity",
    "Share",
    "Standard",
    "StandardStage",
    "SupplierClaim",
    "Vote",
]
