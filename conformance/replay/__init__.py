"""Replay: the messages of a trace sent again, to see whether the deviation shows again.

- `bindings`   what the node and the testers choose this time, in the place of what they chose then
- `words`      words of testers that a node may remember, and those that stand for them this time
- `stream`     the bytes to send on a wire, with those values in their places
- `reading`    what the node says, cut into messages
- `kept`       the files that an instance has fetched
- `player`     the events of a trace, one after the other, each send after the messages of the node that preceded it
- `decision`   whether the deviation shows again
"""
