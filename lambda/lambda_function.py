"""What AWS Lambda calls."""

from skill.app import handle as lambda_handler

__all__ = ["lambda_handler"]
