"""The cover photo of an activity: read with distrust, drawn anew in two sizes, kept beside the activity."""
