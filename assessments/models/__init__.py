"""The nouns: how well."""

from assessments.models.assessment import Assessment, AssessmentMonth, Signature
from assessments.models.bulletin import Bulletin
from assessments.models.rubric import GradeBand, Rubric, RubricItem

__all__ = ["Assessment", "AssessmentMonth", "Bulletin", "GradeBand", "Rubric", "RubricItem", "Signature"]
