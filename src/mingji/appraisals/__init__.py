"""Appraisal cycles: facts, reviews, scores, release."""
