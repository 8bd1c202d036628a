-- Reading: the bytes of one message into a tree of nodes, as the layouts of the table `network` say.
--
-- Nothing here knows Wireshark. A reader `r` is the bytes `r.data`, the position `r.pos` and the end of the region around
-- it, `r.stop`; both count from 0. A node is a field's filter name without the network (`key`), its first byte, its size
-- and what it contains. A fault is raised as a table; the nodes that were read before it stay.

-- Faults -------------------------------------------------------------------------------------------------------------

-- Ends the reading of a message. `parent` is the node inside which it went wrong; the expert item stands there.
local function fail(kind, parent, path, offset, reason)
  error({kind = kind, parent = parent, path = path, offset = offset, reason = reason}, 0)
end

-- Bytes as they can be shown: in quotes, what is not printable as \xHH.
local function quoted(raw)
  return '"' .. raw:gsub('[%c\128-\255]', function(byte) return string.format("\\x%02x", byte:byte()) end) .. '"'
end

local function bytes(count)
  return string.format(count == 1 and "%d byte" or "%d bytes", count)
end

local function outside(r, parent, path, missing)
  fail("outside", parent, path, r.stop, bytes(missing) .. " missing")
end

local function too_long(parent, path, offset, size, maximum)
  fail("malformed", parent, path, offset, string.format("%s where at most %d are allowed", bytes(size), maximum))
end

-- The first byte of data[from..to] that is not in the ranges `allowed`; nil if there is none.
local function first_foreign(data, from, to, allowed)
  for offset = from, to - 1 do
    local byte, found = data:byte(offset + 1), false
    for i = 1, #allowed, 2 do
      if allowed[i] <= byte and byte <= allowed[i + 1] then
        found = true
        break
      end
    end
    if not found then
      return offset
    end
  end
end

-- The position of `wanted` at or after `from`, if all of it stands before `stop`.
local function find(data, wanted, from, stop)
  local first, last = data:find(wanted, from + 1, true)
  if first and last <= stop then
    return first - 1
  end
end

local function starts_with(data, wanted, from, stop)
  return from + #wanted <= stop and data:sub(from + 1, from + #wanted) == wanted
end

-- The byte in which what stands at `from` first differs from `wanted`.
local function differing(data, wanted, from, stop)
  for i = 1, #wanted do
    if from + i > stop or data:byte(from + i) ~= wanted:byte(i) then
      return from + i - 1
    end
  end
end

-- Reading ------------------------------------------------------------------------------------------------------------

local function node(parent, key, start, size, label)
  local made = {key = key, start = start, size = size, label = label, children = {}}
  parent.children[#parent.children + 1] = made
  return made
end

-- Each function reads one kind of construct `c`, adds a node to `parent` and returns the value where one is needed.
-- `key` is the filter name without the network, `path` what faults are named by.
local read = {}

local function read_any(c, r, parent, key, path, values)
  return read[c.kind](c, r, parent, key, path, values)
end

-- Reads `c`, which must reach exactly to `stop`.
local function read_region(c, r, parent, key, path, stop)
  local outer = r.stop
  r.stop = stop
  read_any(c, r, parent, key, path)
  if r.pos ~= stop then
    fail("left_over", parent, path, r.pos, bytes(stop - r.pos) .. " left over")
  end
  r.stop = outer
end

local function integer_at(data, pos, size, little)
  local value = 0
  for i = 1, size do
    value = value * 256 + data:byte(pos + (little and size + 1 - i or i))
  end
  return value
end

function read.integer(c, r, parent, key, path)
  if r.stop - r.pos < c.size then
    outside(r, parent, path, r.pos + c.size - r.stop)
  end
  local made = node(parent, key, r.pos, c.size)
  made.little = c.little
  r.pos = r.pos + c.size
  return integer_at(r.data, made.start, c.size, c.little)
end

function read.fixed(c, r, parent, key, path)
  if r.stop - r.pos < c.size then
    outside(r, parent, path, r.pos + c.size - r.stop)
  end
  node(parent, key, r.pos, c.size)
  r.pos = r.pos + c.size
end

function read.constant(c, r, parent, key, path)
  if not starts_with(r.data, c.value, r.pos, r.stop) then
    local offset = differing(r.data, c.value, r.pos, r.stop)
    fail(offset >= r.stop and "outside" or "malformed", parent, path, offset, quoted(c.value) .. " wanted")
  end
  node(parent, key, r.pos, #c.value)
  r.pos = r.pos + #c.value
end

function read.rest(c, r, parent, key, path)
  local size = r.stop - r.pos
  if size > c.maximum then
    too_long(parent, path, r.pos + c.maximum, size, c.maximum)
  end
  node(parent, key, r.pos, size)
  r.pos = r.stop
end

-- Checks the text from r.pos on, that `c.stop` follows it, and returns where it ends.
local function text_end(c, r, parent, path)
  local found = find(r.data, c.stop, r.pos, r.stop)
  local last = found or r.stop
  local foreign = c.allowed and first_foreign(r.data, r.pos, math.min(last, r.pos + c.maximum), c.allowed)
  if foreign then
    fail("malformed", parent, path, foreign, "a byte that is not allowed here")
  elseif last - r.pos > c.maximum then
    fail("malformed", parent, path, r.pos + c.maximum, string.format("no %s within %s", quoted(c.stop), bytes(c.maximum)))
  elseif not found then
    fail("outside", parent, path, r.stop, string.format("no %s before the end", quoted(c.stop)))
  elseif last - r.pos < c.minimum then
    fail("malformed", parent, path, last,
      string.format("%s where at least %d are wanted", bytes(last - r.pos), c.minimum))
  end
  return found
end

function read.text(c, r, parent, key, path)
  local found = text_end(c, r, parent, path)
  node(parent, key, r.pos, found - r.pos)
  r.pos = found + #c.stop
end

function read.decimal(c, r, parent, key, path)
  local start, found = r.pos, text_end(c, r, parent, path)
  local digits = r.data:sub(start + 1, found)
  if not c.fixed and #digits > 1 and digits:sub(1, 1) == "0" then
    fail("malformed", parent, path, start, "a leading zero")
  elseif tonumber(digits) > c.highest then
    fail("malformed", parent, path, start, digits .. " is above the highest number allowed")
  end
  node(parent, key, start, found - start).value = tonumber(digits)
  r.pos = found + #c.stop
end

local HEXADECIMAL = {0x30, 0x39, 0x41, 0x46, 0x61, 0x66}

function read.hexadecimal(c, r, parent, key, path)
  local after = r.pos + c.size
  local foreign = first_foreign(r.data, r.pos, math.min(after, r.stop), HEXADECIMAL)
  if foreign then
    fail("malformed", parent, path, foreign, "not hexadecimal")
  elseif after > r.stop then
    outside(r, parent, path, after - r.stop)
  end
  local differs = differing(r.data, c.stop, after, r.stop)
  if differs then
    fail(differs >= r.stop and "outside" or "malformed", parent, path, differs, quoted(c.stop) .. " wanted")
  end
  node(parent, key, r.pos, c.size)
  r.pos = after + #c.stop
end

-- A line ends at a CRLF that no blank or tab follows; no other CR or LF is in it.
function read.folded(c, r, parent, key, path)
  local here = r.pos
  while true do
    local first = r.data:find("[\r\n]", here + 1)
    here = first and math.min(first - 1, r.stop) or r.stop
    local next_byte = here + 3 <= r.stop and r.data:byte(here + 3)
    if not starts_with(r.data, "\r\n", here, r.stop) or (next_byte ~= 0x20 and next_byte ~= 0x09) then
      break
    end
    here = here + 3
  end
  if here - r.pos > c.maximum then
    too_long(parent, path, r.pos + c.maximum, here - r.pos, c.maximum)
  end
  local differs = differing(r.data, "\r\n", here, r.stop)
  if differs then
    fail(differs >= r.stop and "outside" or "malformed", parent, path, differs, "no CRLF at the end of the line")
  end
  node(parent, key, r.pos, here - r.pos)
  r.pos = here + 2
end

function read.record(c, r, parent, key, path)
  -- until its end is known, a record reaches to the end of its region
  local made = node(parent, key, r.pos, r.stop - r.pos, path)
  local values = {}
  for _, field in ipairs(c.fields) do
    local inner = path == "" and field.name or path .. "." .. field.name
    values[field.name] = read_any(field, r, made, key .. "." .. field.name, inner, values)
  end
  made.size = r.pos - made.start
end

function read.bounded(c, r, parent, key, path)
  local size = read_any(c.length, r, parent, key .. "-size", path)
  if r.pos + size > r.stop then
    fail("outside", parent, path, r.stop, string.format("%s announced, %d follow", bytes(size), r.stop - r.pos))
  end
  read_region(c.content, r, parent, key, path, r.pos + size)
end

function read.up_to(c, r, parent, key, path)
  local stop = r.stop - c.keep
  if r.pos > stop then
    fail("outside", parent, path, r.stop, string.format("fewer than %s to the end", bytes(c.keep)))
  elseif r.pos < stop then
    read_region(c.content, r, parent, key, path, stop)
  end
end

read["repeat"] = function(c, r, parent, key, path, values)
  for i = 0, values[c.count] - 1 do
    read_any(c.item, r, parent, key, string.format("%s[%d]", path, i))
  end
end

function read.lines(c, r, parent, key, path)
  local count = 0
  while not starts_with(r.data, c.stop, r.pos, r.stop) do
    if count == c.maximum then
      fail("malformed", parent, path, r.pos, string.format("more than %d lines", c.maximum))
    end
    read_any(c.item, r, parent, key, string.format("%s[%d]", path, count))
    count = count + 1
  end
  r.pos = r.pos + #c.stop
end

-- Words --------------------------------------------------------------------------------------------------------------

-- Passes over what stands before a field.
local function pass(wanted, r, parent, path)
  if not starts_with(r.data, wanted, r.pos, r.stop) then
    local offset = differing(r.data, wanted, r.pos, r.stop)
    fail(offset >= r.stop and "outside" or "malformed", parent, path, offset, quoted(wanted) .. " wanted")
  end
  r.pos = r.pos + #wanted
end

-- Where the bare word at r.pos ends.
local function word_end(r)
  return find(r.data, " ", r.pos, r.stop) or r.stop
end

-- The closing quote of the text at r.pos.
local function quote_after(r, parent, path)
  local found = find(r.data, '"', r.pos, r.stop)
  if not found then
    fail("outside", parent, path, r.stop, "no closing quote")
  end
  return found
end

local function check_size(size, c, r, parent, path)
  if size > c.maximum then
    too_long(parent, path, r.pos + c.maximum, size, c.maximum)
  elseif size < (c.minimum or 0) then
    fail("malformed", parent, path, r.pos + size,
      string.format("%s where at least %d are wanted", bytes(size), c.minimum))
  end
end

function read.word(c, r, parent, key, path)
  pass(c.lead, r, parent, path)
  local last = word_end(r)
  local foreign = first_foreign(r.data, r.pos, math.min(last, r.pos + c.maximum), c.allowed)
  if foreign then
    fail("malformed", parent, path, foreign, "a byte that is not allowed here")
  end
  check_size(last - r.pos, c, r, parent, path)
  node(parent, key, r.pos, last - r.pos)
  r.pos = last
end

function read.quoted(c, r, parent, key, path)
  pass(c.lead .. '"', r, parent, path)
  local last = quote_after(r, parent, path)
  check_size(last - r.pos, c, r, parent, path)
  node(parent, key, r.pos, last - r.pos)
  r.pos = last + 1
end

function read.rest_text(c, r, parent, key, path)
  pass(c.lead, r, parent, path)
  check_size(r.stop - r.pos, c, r, parent, path)
  node(parent, key, r.pos, r.stop - r.pos)
  r.pos = r.stop
end

local DIGITS = {0x30, 0x39}

function read.number(c, r, parent, key, path)
  pass(c.lead, r, parent, path)
  local in_quotes = c.either and starts_with(r.data, '"', r.pos, r.stop)
  r.pos = r.pos + (in_quotes and 1 or 0)
  local last = in_quotes and quote_after(r, parent, path) or word_end(r)
  local digits = r.data:sub(r.pos + 1, last)
  local foreign = first_foreign(r.data, r.pos, math.min(last, r.pos + c.maximum), DIGITS)
  if foreign then
    fail("malformed", parent, path, foreign, "a byte that is not allowed here")
  end
  check_size(last - r.pos, c, r, parent, path)
  if #digits > 1 and digits:sub(1, 1) == "0" then
    fail("malformed", parent, path, r.pos, "a leading zero")
  elseif tonumber(digits) > c.highest then
    fail("malformed", parent, path, r.pos, digits .. " is above the highest number allowed")
  end
  local made = node(parent, key, r.pos, last - r.pos)
  made.value = tonumber(digits)
  r.pos = last + (in_quotes and 1 or 0)
  return made
end

function read.address(c, r, parent, key, path)
  local made = read.number(c, r, parent, key, path)
  local number, octets = made.value, {}
  for i = 1, 4 do
    octets[i] = string.format("%d", number % 256)
    number = math.floor(number / 256)
  end
  made.value, made.address = nil, table.concat(octets, ".")
end

local function is_one_of(word, options)
  for _, option in ipairs(options) do
    if word == option then
      return true
    end
  end
  return false
end

function read.enumerated(c, r, parent, key, path)
  pass(c.quoted and c.lead .. '"' or c.lead, r, parent, path)
  local last = c.quoted and quote_after(r, parent, path) or word_end(r)
  if not is_one_of(r.data:sub(r.pos + 1, last):upper(), c.options) then
    fail("malformed", parent, path, r.pos, "none of " .. table.concat(c.options, ", "))
  end
  node(parent, key, r.pos, last - r.pos)
  r.pos = last + (c.quoted and 1 or 0)
end

function read.choice(c, r, parent, key, path)
  local word = r.data:sub(r.pos + 1, word_end(r)):upper()
  for _, one in ipairs(c.records) do
    if is_one_of(word, one.words) then
      return read_any(one.record, r, parent, key, path)
    end
  end
  fail("malformed", parent, path, r.pos, "none of the words that can stand here")
end

function read.series(c, r, parent, key, path)
  local count = 0
  while r.pos ~= r.stop do
    if count == c.maximum then
      fail("malformed", parent, path, r.pos, string.format("more than %d items", c.maximum))
    end
    if count > 0 then
      pass(c.between, r, parent, path)
    end
    read_any(c.item, r, parent, key, string.format("%s[%d]", path, count))
    count = count + 1
  end
end

-- Messages -----------------------------------------------------------------------------------------------------------

-- Reads all of `data` as one message: the node of the whole, and the fault if there is one.
local function read_message(name, data)
  local root = {children = {}}
  local ok, fault = pcall(read_region, network.layouts[name], {data = data, pos = 0, stop = #data}, root,
    name:lower(), "", #data)
  if ok then
    return root
  elseif type(fault) ~= "table" then
    error(fault, 0)
  elseif fault.parent == root and root.children[1] then
    fault.parent = root.children[1]
  end
  return root, fault
end

-- As `read_message`, of the first of several messages that `data` is; of the last if it is none. Also the name of it.
local function read_one_of(names, data)
  for i, name in ipairs(names) do
    local root, fault = read_message(name, data)
    if not fault or i == #names then
      return root, fault, name
    end
  end
end

-- As `read_message`. Lines may end with a bare LF: what is read and shown then is the text with CRLF, which is returned.
local function read_text(name, data)
  local root, fault = read_message(name, data)
  if not fault then
    return root
  end
  local mended = data:gsub("\r?\n", "\r\n")
  if mended == data then
    return root, fault
  end
  root, fault = read_message(name, mended)
  return root, fault, mended
end
