"""What a member is to reach in a period, agreed by both sides."""
