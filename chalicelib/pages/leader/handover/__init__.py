"""The counter: a code is scanned, typed or said; what waits is shown, and one tap hands it over."""
