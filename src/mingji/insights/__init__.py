"""What people look at: the home page of each role, the team page."""
