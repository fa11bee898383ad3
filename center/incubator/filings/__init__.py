"""Activities of incubated organisations: filed seven days ahead, summed up within three days."""
