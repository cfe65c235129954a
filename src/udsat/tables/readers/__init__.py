"""Reads files and frames, and recognises their headings."""
