"""Evidence: what a user holds after a failure.

- `dissect`   the bytes of a wire cut into messages, in both directions
- `ladder`    the messages of all probes in the order of time, as data, as text and as SVG
- `pcap`      the same as a capture file, with the TCP connections put together again
- `trace`     the same as JSON, complete enough to be sent again
- `write`     all of it into a folder for each case that fails

Nothing here knows a network by name: how streams are cut and decoded is the network's affair (`Network.dissector`).
"""
