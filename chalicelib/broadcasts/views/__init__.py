"""What the payloads of events show, a file for each thing that they are about. Imported when one is to be shown."""
