"""The ticket, its sheets and its log."""

from .articles import ArticleStage, HelpArticle, HelpPicture, HelpVersion, Symptom
from .helped import HelpCount, HelpMark, HelpMiss
from .log import (
    Attachment,
    ContactAttempt,
    CrewMember,
    Message,
    Note,
    Signature,
    TicketEvent,
    WriteOff,
)
from .paper_tickets import PaperCharge, PaperTicket
from .quotations import OldParts, OrderStage, PartsOrder, PaymentTerms, Quotation, QuotationLine
from .saved import SavedView
from .sheets import CallbackSurvey, IntakeRecord, Plan, RepairSheet
from .ticket import Channel, Ticket, Urgency, Words
from .told import UNTOLD, ConsentSignature, CustomerNotice

__all__ = [
    "ArticleStage",
    "Attachment",
    "UNTOLD",
    "CallbackSurvey",
    "Channel",
    "ConsentSignature",
    "ContactAttempt",
    "CrewMember",
    "CustomerNotice",
    "HelpArticle",
    "HelpCount",
    "HelpMark",
    "HelpMiss",
    "HelpPicture",
    "HelpVersion",
    "IntakeRecord",
    "Message",
    "Note",
    "OldParts",
    "OrderStage",
    "PaperCharge",
    "PaperTicket",
    "PartsOrder",
    "PaymentTerms",
    "Plan",
    "Quotation",
    "QuotationLine",
    "RepairSheet",
    "SavedView",
    "Signature",
    "Symptom",
    "Ticket",
    "TicketEvent",
    "Urgency",
    "WriteOff",
    "Words",
]
