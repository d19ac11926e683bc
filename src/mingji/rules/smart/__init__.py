"""The SMART check: is a goal specific, measurable, achievable, relevant and time-bound?"""
