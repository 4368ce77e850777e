-- Wireshark dissector for Meterproof's captures: HDLC frames of DLMS/COSEM on link type USER0, the
-- wrapper of IEC 62056-47 on TCP and UDP, and the names of the APDUs in both.
--
-- Use: tshark -X lua_script:meterproof.lua -r bench.pcapng
-- or copy it to Wireshark's personal plug-in folder. Wrapper ports besides 4059 are a preference
-- (-o meterproof_wrapper.ports:4059,40001); with "any" each TCP stream that begins 00 01 is tried.

local apdu_names = {
  [0x01] = "initiate-request", [0x08] = "initiate-response", [0x0E] = "confirmed-service-error",
  [0x0F] = "data-notification", [0x21] = "glo-initiate-request", [0x28] = "glo-initiate-response",
  [0x60] = "AARQ", [0x61] = "AARE", [0x62] = "RLRQ", [0x63] = "RLRE",
  [0xC0] = "get-request", [0xC1] = "set-request", [0xC2] = "event-notification-request",
  [0xC3] = "action-request", [0xC4] = "get-response", [0xC5] = "set-response",
  [0xC7] = "action-response", [0xC8] = "glo-get-request", [0xC9] = "glo-set-request",
  [0xCA] = "glo-event-notification-request", [0xCB] = "glo-action-request",
  [0xCC] = "glo-get-response", [0xCD] = "glo-set-response", [0xCF] = "glo-action-response",
  [0xD0] = "ded-get-request", [0xD1] = "ded-set-request", [0xD3] = "ded-action-request",
  [0xD4] = "ded-get-response", [0xD5] = "ded-set-response", [0xD7] = "ded-action-response",
  [0xD8] = "exception-response", [0xD9] = "access-request", [0xDA] = "access-response",
  [0xDB] = "general-glo-ciphering", [0xDC] = "general-ded-ciphering",
  [0xDD] = "general-ciphering", [0xDF] = "general-signing", [0xE0] = "general-block-transfer",
}

local apdu = Proto("meterproof_apdu", "DLMS/COSEM APDU")
local apdu_tag = ProtoField.uint8("meterproof_apdu.tag", "Tag", base.HEX, apdu_names)
local apdu_octets = ProtoField.bytes("meterproof_apdu.octets", "Octets")
apdu.fields = { apdu_tag, apdu_octets }

function apdu.dissector(buffer, packet, tree)
  if buffer:len() == 0 then return 0 end
  local branch = tree:add(apdu, buffer())
  branch:add(apdu_tag, buffer(0, 1))
  branch:add(apdu_octets, buffer())
  local name = apdu_names[buffer(0, 1):uint()] or string.format("APDU %02X", buffer(0, 1):uint())
  packet.cols.info:append(" " .. name)
  return buffer:len()
end

-- The wrapper ------------------------------------------------------------------------------------

local wrapper = Proto("meterproof_wrapper", "DLMS/COSEM wrapper")
local wrapper_version = ProtoField.uint16("meterproof_wrapper.version", "Version")
local wrapper_source = ProtoField.uint16("meterproof_wrapper.source", "Source wrapper port")
local wrapper_destination =
  ProtoField.uint16("meterproof_wrapper.destination", "Destination wrapper port")
local wrapper_length = ProtoField.uint16("meterproof_wrapper.length", "Length")
wrapper.fields = { wrapper_version, wrapper_source, wrapper_destination, wrapper_length }
wrapper.prefs.ports = Pref.string("Ports", "4059", "TCP and UDP ports, comma separated, or any")

local wrapper_header = 8

local function wrapper_size(buffer, _, offset)
  return wrapper_header + buffer(offset + 6, 2):uint()
end

local function dissect_wrapper_pdu(buffer, packet, tree)
  local branch = tree:add(wrapper, buffer())
  branch:add(wrapper_version, buffer(0, 2))
  branch:add(wrapper_source, buffer(2, 2))
  branch:add(wrapper_destination, buffer(4, 2))
  branch:add(wrapper_length, buffer(6, 2))
  packet.cols.info:append(string.format(" %d>%d", buffer(2, 2):uint(), buffer(4, 2):uint()))
  if buffer:len() > wrapper_header then
    apdu.dissector(buffer(wrapper_header):tvb(), packet, branch)
  end
  return buffer:len()
end

function wrapper.dissector(buffer, packet, tree)
  packet.cols.protocol = "DLMS"
  packet.cols.info = "wrapper"
  dissect_tcp_pdus(buffer, tree, wrapper_header, wrapper_size, dissect_wrapper_pdu)
  return buffer:len()
end

local wrapper_datagram = Proto("meterproof_wrapper_udp", "DLMS/COSEM wrapper in a datagram")
function wrapper_datagram.dissector(buffer, packet, tree)
  if buffer:len() < wrapper_header then return 0 end
  packet.cols.protocol = "DLMS"
  packet.cols.info = "wrapper"
  return dissect_wrapper_pdu(buffer, packet, tree)
end

local function looks_like_wrapper(buffer, packet, tree)
  if wrapper.prefs.ports ~= "any" or buffer:len() < wrapper_header then return false end
  if buffer(0, 2):uint() ~= 1 or apdu_names[buffer:len() > 8 and buffer(8, 1):uint() or 0] == nil
  then
    return false
  end
  wrapper.dissector(buffer, packet, tree)
  packet.conversation = wrapper
  return true
end

local registered = {}
local function register_ports()
  for _, port in ipairs(registered) do
    DissectorTable.get("tcp.port"):remove(port, wrapper)
    DissectorTable.get("udp.port"):remove(port, wrapper_datagram)
  end
  registered = {}
  for text in string.gmatch(wrapper.prefs.ports, "%d+") do
    local port = tonumber(text)
    DissectorTable.get("tcp.port"):add(port, wrapper)
    DissectorTable.get("udp.port"):add(port, wrapper_datagram)
    table.insert(registered, port)
  end
end
wrapper.prefs_changed = register_ports
register_ports()
wrapper:register_heuristic("tcp", looks_like_wrapper)

-- HDLC -------------------------------------------------------------------------------------------

local hdlc = Proto("meterproof_hdlc", "HDLC of DLMS/COSEM")
local hdlc_format = ProtoField.uint16("meterproof_hdlc.format", "Format", base.HEX)
local hdlc_length = ProtoField.uint16("meterproof_hdlc.length", "Length", base.DEC, nil, 0x07FF)
local hdlc_segmented =
  ProtoField.bool("meterproof_hdlc.segmented", "More segments follow", 16, nil, 0x0800)
local hdlc_destination = ProtoField.bytes("meterproof_hdlc.destination", "Destination")
local hdlc_source = ProtoField.bytes("meterproof_hdlc.source", "Source")
local hdlc_control = ProtoField.uint8("meterproof_hdlc.control", "Control", base.HEX)
local hdlc_kind = ProtoField.string("meterproof_hdlc.kind", "Kind")
local hdlc_information = ProtoField.bytes("meterproof_hdlc.information", "Information")
local hdlc_fcs_good = ProtoField.bool("meterproof_hdlc.fcs_good", "FCS is right")
local hdlc_octets = ProtoField.bytes("meterproof_hdlc.octets", "Octets outside a frame")
hdlc.fields = { hdlc_format, hdlc_length, hdlc_segmented, hdlc_destination, hdlc_source,
  hdlc_control, hdlc_kind, hdlc_information, hdlc_fcs_good, hdlc_octets }

local bit = bit32 or bit

local function crc_x25(buffer, from, count)
  local value = 0xFFFF
  for i = from, from + count - 1 do
    value = bit.bxor(value, buffer(i, 1):uint())
    for _ = 1, 8 do
      local low = bit.band(value, 1)
      value = bit.rshift(value, 1)
      if low == 1 then value = bit.bxor(value, 0x8408) end
    end
  end
  return bit.bxor(value, 0xFFFF)
end

local unnumbered = { [0x83] = "SNRM", [0x63] = "UA", [0x43] = "DISC", [0x0F] = "DM",
  [0x87] = "FRMR", [0x03] = "UI" }

local function kind_of(control)
  local nr, ns = bit.rshift(control, 5), bit.band(bit.rshift(control, 1), 7)
  local final = bit.band(control, 0x10) ~= 0 and " P/F" or ""
  if bit.band(control, 1) == 0 then return string.format("I N(S)=%d N(R)=%d%s", ns, nr, final) end
  if bit.band(control, 0x0F) == 0x01 then return string.format("RR N(R)=%d%s", nr, final) end
  if bit.band(control, 0x0F) == 0x05 then return string.format("RNR N(R)=%d%s", nr, final) end
  return (unnumbered[bit.band(control, 0xEF)] or string.format("control %02X", control)) .. final
end

local function address_length(buffer, from, last)
  for count = 1, 4 do
    if from + count > last then return nil end
    if bit.band(buffer(from + count - 1, 1):uint(), 1) == 1 then return count end
  end
  return nil
end

local function dissect_frame(buffer, packet, tree, from, length)
  local branch = tree:add(hdlc, buffer(from, length + 2))
  local last = from + 1 + length - 2
  branch:add(hdlc_format, buffer(from + 1, 2))
  branch:add(hdlc_length, buffer(from + 1, 2))
  branch:add(hdlc_segmented, buffer(from + 1, 2))
  local fcs = crc_x25(buffer, from + 1, length - 2)
  branch:add(hdlc_fcs_good, buffer(last, 2), buffer(last, 2):le_uint() == fcs)
  local at = from + 3
  for _, field in ipairs({ hdlc_destination, hdlc_source }) do
    local count = address_length(buffer, at, last)
    if count == nil then return end
    branch:add(field, buffer(at, count))
    at = at + count
  end
  local control = buffer(at, 1):uint()
  branch:add(hdlc_control, buffer(at, 1))
  branch:add(hdlc_kind, buffer(at, 1), kind_of(control))
  packet.cols.info:append(" " .. kind_of(control))
  at = at + 3  -- control and HCS
  if at >= last then return end
  branch:add(hdlc_information, buffer(at, last - at))
  local llc = last - at > 3 and buffer(at, 2):uint() or 0
  if bit.band(control, 1) == 0 and (llc == 0xE6E6 or llc == 0xE6E7) then
    apdu.dissector(buffer(at + 3, last - at - 3):tvb(), packet, branch)
  end
end

-- A frame may be spread over several transfers: what is unfinished is kept for each direction and
-- shown with the transfer that completes it.
local pending, completed
local interface_of = Field.new("frame.interface_id")
local direction_of = Field.new("frame.packet_flags_direction")
function hdlc.init() pending, completed = {}, {} end

-- The length between the flags of a whole frame at `from`, or nil; and is it only unfinished?
local function frame_at(octets, from)
  if octets:len() < from + 4 then return nil, true end
  local format = octets:get_index(from + 1) * 256 + octets:get_index(from + 2)
  if bit.band(format, 0xF000) ~= 0xA000 then return nil, false end
  local length = bit.band(format, 0x07FF)
  if length < 7 then return nil, false end
  if octets:len() < from + length + 2 then return nil, true end
  return octets:get_index(from + length + 1) == 0x7E and length or nil, false
end

local function gather(buffer, packet)
  local key = tostring(interface_of() or "") .. "/" .. tostring(direction_of() or "")
  local octets = (pending[key] or ByteArray.new()) .. buffer:bytes()
  local frames, at = {}, 0
  while at < octets:len() do
    local length, unfinished = nil, false
    if octets:get_index(at) == 0x7E then length, unfinished = frame_at(octets, at) end
    if length then
      table.insert(frames, octets:subset(at, length + 2))
      at = at + length + 2
    elseif unfinished then
      break
    else
      at = at + 1
    end
  end
  pending[key] = at < octets:len() and octets:subset(at, octets:len() - at) or nil
  completed[packet.number] = frames
end

function hdlc.dissector(buffer, packet, tree)
  packet.cols.protocol = "HDLC"
  packet.cols.info = ""
  if completed[packet.number] == nil then gather(buffer, packet) end
  local frames = completed[packet.number]
  if #frames == 0 then
    tree:add(hdlc, buffer()):add(hdlc_octets, buffer())
    packet.cols.info = string.format("%d octets, no whole frame yet", buffer:len())
  end
  for _, octets in ipairs(frames) do
    dissect_frame(octets:tvb("HDLC frame"), packet, tree, 0, octets:len() - 2)
  end
  return buffer:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, hdlc)
