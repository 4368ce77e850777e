#include "devices/cosem/apdu_reader.hpp"
#include "devices/cosem/short_name.hpp"

namespace meterproof::cosem {
namespace {

class ShortNameEncoder {
 public:
  explicit ShortNameEncoder(Bytes& out) : out_(out) {}

  void operator()(const ReadRequest& a) {
    append_u8(out_, tags::k_read_request);
    variables(a.variables);
  }
  void operator()(const ReadResponse& a) {
    append_u8(out_, tags::k_read_response);
    append_length(out_, a.results.size());
    for (const ReadResult& one : a.results) std::visit(*this, one);
  }
  void operator()(const WriteRequest& a) {
    append_u8(out_, tags::k_write_request);
    variables(a.variables);
    values(a.values);
  }
  void operator()(const WriteResponse& a) {
    append_u8(out_, tags::k_write_response);
    append_length(out_, a.results.size());
    for (const WriteResult& one : a.results) write_result(one);
  }
  void operator()(const UnconfirmedWriteRequest& a) {
    append_u8(out_, tags::k_unconfirmed_write_request);
    variables(a.variables);
    values(a.values);
  }
  void operator()(const InformationReport& a) {
    append_u8(out_, tags::k_information_report);
    append_u8(out_, a.current_time.has_value());
    if (a.current_time) append_octets(out_, to_bytes(*a.current_time));
    variables(a.variables);
    values(a.values);
  }

  // Variable-Access-Specification
  void operator()(const VariableName& a) {
    append_u8(out_, 2);
    append_integer(out_, a.name);
  }
  void operator()(const ParameterizedAccess& a) {
    append_u8(out_, 4);
    append_integer(out_, a.name);
    append_u8(out_, a.selector);
    append_data(out_, a.parameter);
  }
  void operator()(const BlockNumberAccess& a) {
    append_u8(out_, 5);
    append_integer(out_, a.number);
  }
  void operator()(const ReadDataBlockAccess& a) {
    append_u8(out_, 6);
    append_u8(out_, a.last);
    append_integer(out_, a.number);
    append_octets(out_, a.raw);
  }
  void operator()(const WriteDataBlockAccess& a) {
    append_u8(out_, 7);
    append_u8(out_, a.last);
    append_integer(out_, a.number);
  }

  // Results of a ReadResponse
  void operator()(const Data& a) {
    append_u8(out_, 0);
    append_data(out_, a);
  }
  void operator()(const DataAccessResult& a) {
    append_u8(out_, 1);
    append_u8(out_, static_cast<std::uint8_t>(a));
  }
  void operator()(const DataBlockResult& a) {
    append_u8(out_, 2);
    append_u8(out_, a.last);
    append_integer(out_, a.number);
    append_octets(out_, a.raw);
  }
  void operator()(const BlockNumber& a) {
    append_u8(out_, 3);
    append_integer(out_, a.number);
  }

 private:
  void write_result(const WriteResult& result) {
    if (const auto* block = std::get_if<BlockNumber>(&result)) {
      append_u8(out_, 2);
      append_integer(out_, block->number);
      return;
    }
    const auto access = std::get<DataAccessResult>(result);
    append_u8(out_, access == DataAccessResult::success ? 0 : 1);
    if (access != DataAccessResult::success) append_u8(out_, static_cast<std::uint8_t>(access));
  }
  void variables(const std::vector<VariableAccess>& list) {
    append_length(out_, list.size());
    for (const VariableAccess& one : list) std::visit(*this, one);
  }
  void values(const std::vector<Data>& list) {
    append_length(out_, list.size());
    for (const Data& one : list) append_data(out_, one);
  }

  Bytes& out_;
};

VariableAccess read_variable(ApduReader& in) {
  switch (in.u8()) {
    case 2:
      return VariableName{in.u16()};
    case 4: {
      ParameterizedAccess a;
      a.name = in.u16();
      a.selector = in.u8();
      a.parameter = in.data();
      return a;
    }
    case 5:
      return BlockNumberAccess{in.u16()};
    case 6: {
      ReadDataBlockAccess a;
      a.last = in.flag();
      a.number = in.u16();
      a.raw = in.octets();
      return a;
    }
    case 7: {
      WriteDataBlockAccess a;
      a.last = in.flag();
      a.number = in.u16();
      return a;
    }
    default:
      in.fail(CosemError::bad_tag);
      return VariableName{};
  }
}

ReadResult read_result(ApduReader& in) {
  switch (in.u8()) {
    case 0:
      return in.data();
    case 1:
      return in.result();
    case 2: {
      DataBlockResult a;
      a.last = in.flag();
      a.number = in.u16();
      a.raw = in.octets();
      return a;
    }
    case 3:
      return BlockNumber{in.u16()};
    default:
      in.fail(CosemError::bad_tag);
      return Data{};
  }
}

WriteResult read_write_result(ApduReader& in) {
  switch (in.u8()) {
    case 0:
      return DataAccessResult::success;
    case 1: {
      const DataAccessResult refusal = in.result();
      // "error: success" is a contradiction.
      if (refusal == DataAccessResult::success) in.fail(CosemError::bad_value);
      return refusal;
    }
    case 2:
      return BlockNumber{in.u16()};
    default:
      in.fail(CosemError::bad_tag);
      return DataAccessResult::success;
  }
}

std::vector<VariableAccess> read_variables(ApduReader& in) {
  return in.list<VariableAccess>([&] { return read_variable(in); });
}
std::vector<Data> read_values(ApduReader& in) {
  return in.list<Data>([&] { return in.data(); });
}

ShortNameApdu read_short_name(ApduReader& in) {
  switch (in.u8()) {
    case tags::k_read_request:
      return ReadRequest{read_variables(in)};
    case tags::k_read_response:
      return ReadResponse{in.list<ReadResult>([&] { return read_result(in); })};
    case tags::k_write_request: {
      WriteRequest a{read_variables(in), {}};
      a.values = read_values(in);
      return a;
    }
    case tags::k_write_response:
      return WriteResponse{in.list<WriteResult>([&] { return read_write_result(in); })};
    case tags::k_unconfirmed_write_request: {
      UnconfirmedWriteRequest a{read_variables(in), {}};
      a.values = read_values(in);
      return a;
    }
    case tags::k_information_report: {
      InformationReport a;
      if (in.flag()) {
        const Bytes time = in.octets();
        a.current_time.emplace();
        for (const std::byte octet : time) a.current_time->push_back(static_cast<char>(octet));
      }
      a.variables = read_variables(in);
      a.values = read_values(in);
      return a;
    }
    default:
      in.fail(CosemError::bad_tag);
      return ReadRequest{};
  }
}

}  // namespace

Bytes encode_short_name(const ShortNameApdu& apdu) {
  Bytes out;
  std::visit(ShortNameEncoder(out), apdu);
  return out;
}

Result<ShortNameApdu> decode_short_name(BytesView octets, const DecodeLimits& limits) {
  if (octets.empty()) return CosemError::truncated;
  ApduReader in(octets, limits);
  ShortNameApdu apdu = read_short_name(in);
  return in.finish(std::move(apdu));
}

}  // namespace meterproof::cosem
