"""People: hotlist, ignore list, whois, pings."""
