"""What members want: favourites, waiting lists, reminders."""
