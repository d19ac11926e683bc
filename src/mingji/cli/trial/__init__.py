"""`mingji try`: a folder of CRM files, computed, scored and explained without a database."""
