-- Dissecting: cuts a stream into messages, reads each, and shows its nodes in Wireshark's tree.

local proto = Proto(network.name, network.title .. " (peerspec)")

local EXPERT = {
  outside = ProtoExpert.new(network.name .. ".outside", "Runs past its container",
    expert.group.MALFORMED, expert.severity.ERROR),
  left_over = ProtoExpert.new(network.name .. ".left_over", "Bytes left over",
    expert.group.MALFORMED, expert.severity.ERROR),
  malformed = ProtoExpert.new(network.name .. ".malformed", "Not as the layout says",
    expert.group.MALFORMED, expert.severity.ERROR),
  lost = ProtoExpert.new(network.name .. ".lost", "No stream of messages any more",
    expert.group.PROTOCOL, expert.severity.WARN),
}
proto.experts = {EXPERT.outside, EXPERT.left_over, EXPERT.malformed, EXPERT.lost}

local FIELD, TYPE, NAME = {}, {}, {}
local all_fields = {}

local function declare(path, kind, name, meaning, values)
  local filter = network.name .. "." .. path
  local field
  if kind == "none" or kind == "ipv4" then
    field = ProtoField[kind](filter, name, meaning)
  elseif kind == "bytes" or kind == "string" then
    field = ProtoField[kind](filter, name, base.NONE, meaning)
  elseif values then
    field = ProtoField[kind](filter, name, base.HEX, values, nil, meaning)
  else
    field = ProtoField[kind](filter, name, base.DEC, nil, nil, meaning)
  end
  FIELD[path], TYPE[path], NAME[path] = field, kind, name
  all_fields[#all_fields + 1] = field
end

for _, row in ipairs(network.fields) do
  declare(row[1], row[2], row[3], row[4], row[5])
end
declare("unknown-payload", "bytes", "payload", "a payload of a type that the codecs do not know")
declare("unread-bytes", "bytes", "unread", "what follows where the stream was lost")
proto.fields = all_fields

-- Showing ------------------------------------------------------------------------------------------------------------

local function show(tree, tvb, made, fault)
  local field, kind = FIELD[made.key], TYPE[made.key]
  local range = tvb(made.start, made.size)
  local item
  if made.address then
    item = tree:add(field, range, Address.ip(made.address))
  elseif made.value and kind ~= "string" then
    item = tree:add(field, range, made.value)
  elseif made.little then
    item = tree:add_le(field, range)
  elseif kind == "string" then
    item = tree:add_packet_field(field, range, ENC_UTF_8 + ENC_STRING)
  else
    item = tree:add(field, range)
  end
  if made.label and made.label ~= "" then
    item:set_text(made.label)
  end
  for _, child in ipairs(made.children) do
    show(item, tvb, child, fault)
  end
  if fault and fault.parent == made then
    local where = fault.path == "" and NAME[made.key] or fault.path
    item:add_proto_expert_info(EXPERT[fault.kind],
      string.format("%s at byte %d: %s", where, fault.offset, fault.reason))
  end
end

local function show_all(tree, tvb, root, fault)
  for _, child in ipairs(root.children) do
    show(tree, tvb, child, fault)
  end
end

local function show_frame(tree, tvb)
  local frame = network.frame
  local size = frame.size
  local root, fault = read_message(frame.header, tvb:raw(0, size))
  show_all(tree, tvb(0, size):tvb(), root, fault)
  local number
  for _, child in ipairs(root.children[1].children) do
    if child.key == frame.header:lower() .. "." .. frame.type then
      number = integer_at(tvb:raw(0, size), child.start, child.size, child.little)
    end
  end
  local names = frame.payloads[number]
  local length = tvb:len() - size
  if not names then
    if length > 0 then
      tree:add(FIELD["unknown-payload"], tvb(size, length))
    end
    return string.format("type 0x%02x", number)
  end
  local data = length > 0 and tvb:raw(size, length) or ""
  local name
  root, fault, name = read_one_of(names, data)
  show_all(tree, tvb(size, length):tvb(), root, fault)
  return name
end

local function show_text(tree, tvb, name)
  local root, fault, mended = read_text(name, tvb:raw())
  if mended then
    tvb = ByteArray.new(mended, true):tvb("With CRLF")
  end
  show_all(tree, tvb, root, fault)
  return name
end

-- Cutting a stream ---------------------------------------------------------------------------------------------------

-- Whether `data` ends at or after `from` and before `wanted` is whole.
local function begins(data, wanted, from)
  return #data - from < #wanted and data:sub(from + 1) == wanted:sub(1, #data - from)
end

-- Where the opening of a text message ends: its fields up to the first constant. nil if `data` does not begin so; then
-- also whether it may still become one.
local function opening_end(fields, data, i, pos)
  local c = fields[i]
  if c.kind == "constant" then
    return starts_with(data, c.value, pos, #data) and pos + #c.value or nil, begins(data, c.value, pos)
  end
  local begun = false
  for length = c.minimum, c.maximum do
    local last = pos + length
    local unchecked = length == c.minimum and pos or last - 1
    if c.allowed and first_foreign(data, unchecked, math.min(last, #data), c.allowed) then
      return nil, begun
    elseif last > #data then
      return nil, true
    end
    begun = begun or begins(data, c.stop, last)
    if starts_with(data, c.stop, last, #data) then
      local found, inner = opening_end(fields, data, i + 1, last + #c.stop)
      if found then
        return found
      end
      begun = begun or inner
    end
  end
  return nil, begun
end

-- The text message that `data` opens like: the longest opening that fits. If there is none, also whether more bytes
-- may make it one.
local function text_name(data)
  local best, longest, begun = nil, 0, false
  for _, name in ipairs(network.texts) do
    local found, maybe = opening_end(network.layouts[name].fields, data, 1, 0)
    if found and found > longest then
      best, longest = name, found
    end
    begun = begun or maybe
  end
  return best, begun
end

local function length_of(header)
  local root, fault = read_message(network.frame.header, header)
  if fault then
    return nil
  end
  for _, child in ipairs(root.children[1].children) do
    if child.key == network.frame.header:lower() .. "." .. network.frame.length then
      return integer_at(header, child.start, child.size, child.little)
    end
  end
end

-- The next message of a stream: its size and, of a text, its name. Without a size, how many bytes are missing (-1:
-- unknown); without that, why the stream is lost.
local function next_unit(data)
  local name, begun = text_name(data)
  if name then
    local _, last = data:sub(1, network.block):find("\n\r?\n")
    if last then
      return last, name
    elseif #data >= network.block then
      return nil, nil, nil, name .. " without an empty line"
    end
    return nil, nil, -1
  elseif begun then
    return nil, nil, -1
  end
  local frame = network.frame
  if not frame then
    return nil, nil, nil, "not the beginning of a message"
  elseif #data < frame.size then
    return nil, nil, -1
  end
  local length = length_of(data:sub(1, frame.size))
  if not length or length > frame.limit then
    return nil, nil, nil, "neither text nor a frame"
  elseif #data < frame.size + length then
    return nil, nil, frame.size + length - #data
  end
  return frame.size + length
end

-- What is known of each direction of a connection: whether a message was found in it, and the packet that lost it.
local directions = {}
local stream_of = Field.new("tcp.stream")

function proto.init()
  directions = {}
end

local function direction_of(pinfo)
  local stream = stream_of()
  local key = string.format("%s %s %d", tostring(stream and stream.value), tostring(pinfo.src), pinfo.src_port)
  directions[key] = directions[key] or {}
  return directions[key]
end

local function show_unit(tvb, pinfo, tree, name)
  local item = tree:add(proto, tvb())
  local shown = name and show_text(item, tvb, name) or show_frame(item, tvb)
  item:append_text(", " .. shown)
  return shown
end

local function dissect_stream(tvb, pinfo, tree)
  local direction = direction_of(pinfo)
  local offset, shown = 0, {}
  if direction.lost and direction.lost < pinfo.number then
    if not direction.readable then
      return 0
    end
    local item = tree:add(proto, tvb())
    item:add(FIELD["unread-bytes"], tvb())
    return tvb:len()
  end
  while offset < tvb:len() do
    local size, name, missing, why = next_unit(tvb:raw(offset))
    if size then
      direction.readable = true
      shown[#shown + 1] = show_unit(tvb(offset, size):tvb(), pinfo, tree, name)
      offset = offset + size
    elseif missing then
      if pinfo.can_desegment > 0 then
        pinfo.desegment_offset = offset
        pinfo.desegment_len = missing > 0 and missing or DESEGMENT_ONE_MORE_SEGMENT
      end
      break
    else
      direction.lost = direction.lost or pinfo.number
      if not direction.readable then
        return 0
      end
      local item = tree:add(proto, tvb(offset))
      item:add(FIELD["unread-bytes"], tvb(offset))
      item:add_proto_expert_info(EXPERT.lost, why)
      shown[#shown + 1] = "lost"
      break
    end
  end
  pinfo.cols.protocol = network.title
  pinfo.cols.info = table.concat(shown, ", ")
  return tvb:len()
end

-- A datagram is one frame and nothing else, or not ours.
local function dissect_datagram(tvb, pinfo, tree)
  local size, name = next_unit(tvb:raw())
  if name or size ~= tvb:len() then
    return 0
  end
  pinfo.cols.protocol = network.title
  pinfo.cols.info = show_unit(tvb, pinfo, tree)
  return size
end

local PORT_TYPE_UDP = 3

function proto.dissector(tvb, pinfo, tree)
  if tvb:captured_len() ~= tvb:reported_len() or tvb:len() == 0 then
    return 0
  elseif pinfo.port_type == PORT_TYPE_UDP then
    return dissect_datagram(tvb, pinfo, tree)
  end
  return dissect_stream(tvb, pinfo, tree)
end

-- Ports --------------------------------------------------------------------------------------------------------------

local tcp, udp = DissectorTable.get("tcp.port"), DissectorTable.get("udp.port")
proto.prefs.ports = Pref.range("Ports", network.ports, "TCP and UDP ports of " .. network.title, 65535)
local bound = ""

local function bind_ports(ports)
  for _, ports_of in ipairs({tcp, udp}) do
    if bound ~= "" then
      ports_of:remove(bound, proto)
    end
    if ports ~= "" then
      ports_of:add(ports, proto)
    end
  end
  bound = ports
end

function proto.prefs_changed()
  bind_ports(proto.prefs.ports)
end

tcp:add_for_decode_as(proto)
udp:add_for_decode_as(proto)
bind_ports(network.ports)

-- On any other port a connection is ours if it opens with the literal word of a text message.
proto:register_heuristic("tcp", function(tvb, pinfo, tree)
  local data = tvb:raw()
  for _, name in ipairs(network.texts) do
    local first = network.layouts[name].fields[1]
    if first.kind == "constant" and starts_with(data, first.value, 0, #data) then
      pinfo.conversation = proto
      proto.dissector(tvb, pinfo, tree)
      return true
    end
  end
  return false
end)
