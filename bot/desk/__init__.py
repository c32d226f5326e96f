"""The desk: the pages for advocates, leads and auditors."""
