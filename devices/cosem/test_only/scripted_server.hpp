// A small DLMS server inside the test's own process: it answers at once, keeps what it received and
// misbehaves when told to.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "devices/cosem/apdu_transport.hpp"
#include "devices/cosem/association.hpp"
#include "devices/cosem/hls.hpp"
#include "harness/link/link.hpp"

namespace meterproof::cosem::test {

inline SecurityKeys server_keys() {
  return *security_keys_from(to_bytes("0123456789abcdef"), to_bytes("fedcba9876543210"));
}

class ScriptedServer {
 public:
  // Behaviour
  std::map<AttributeDescriptor, Data> objects;
  std::uint16_t max_pdu = 0xFFFF;
  std::uint32_t agreed = conformance::k_offered;
  std::size_t block_octets = 100'000;  // longer values travel in blocks
  std::uint32_t skip_block = 0;
  bool endless_blocks = false, spoil_hls_token = false, answer_in_clear = false;
  int withhold_answers = 0;  // that many answers come before the next answer only
  Bytes next_answer_instead;
  // What happened
  std::vector<Bytes> received;
  std::deque<Bytes> outgoing;
  Bytes last_answer;
  bool client_is_authentic = false;

  void receive(BytesView octets) {
    received.emplace_back(octets.begin(), octets.end());
    Bytes answer = answer_to(octets);
    if (!next_answer_instead.empty()) answer = std::exchange(next_answer_instead, {});
    last_answer = answer;
    if (withhold_answers > 0) {
      --withhold_answers;
      withheld_.push_back(answer);
      return;
    }
    for (Bytes& late : withheld_) outgoing.push_back(std::move(late));
    withheld_.clear();
    outgoing.push_back(std::move(answer));
  }

 private:
  Bytes answer_to(BytesView octets) {
    if (const auto acse = decode_acse(octets)) return answer_acse(*acse);
    Bytes plain(octets.begin(), octets.end());
    if (is_ciphered(octets)) {
      const auto parsed = parse_ciphered(octets);
      const auto opened = unprotect(server_keys(), client_title_, parsed->protected_octets);
      if (!opened || !counter_.accept(opened->invocation_counter)) {
        return encode_apdu(ExceptionResponse{1, 5, {}});
      }
      plain = opened->plain;
    } else if (ciphered_) {
      return encode_apdu(ExceptionResponse{1, 1, {}});
    }
    const auto request = decode_apdu(plain);
    if (!request) return encode_apdu(ExceptionResponse{2, 2, {}});
    const Apdu answer = std::visit([this](const auto& one) { return serve(one); }, *request);
    const Bytes answer_octets = encode_apdu(answer);
    if (!ciphered_ || answer_in_clear) return answer_octets;
    return *protect_apdu(server_keys(), title_, 0x30, own_counter_++, answer_octets);
  }

  Bytes answer_acse(const AcseApdu& acse) {
    if (!std::holds_alternative<Aarq>(acse)) return encode_acse(Rlre{});
    const Aarq& aarq = std::get<Aarq>(acse);
    ciphered_ = aarq.application_context == context::k_ln_ciphered;
    Aare aare;
    aare.application_context = aarq.application_context;
    InitiateResponse initiate;
    initiate.max_pdu = max_pdu;
    initiate.conformance = agreed;
    aare.user_information = encode(initiate);
    if (ciphered_) {
      client_title_ = *system_title_from(aarq.calling_ap_title);
      const auto parsed = parse_ciphered(aarq.user_information);
      const auto opened = unprotect(server_keys(), client_title_, parsed->protected_octets);
      (void)counter_.accept(opened->invocation_counter);
      aare.responding_ap_title = Bytes(title_.begin(), title_.end());
      aare.user_information =
          *protect_apdu(server_keys(), title_, 0x30, own_counter_++, encode(initiate));
    }
    if (aarq.mechanism == mechanism::k_lls &&
        aarq.calling_authentication_value != to_bytes("secret")) {
      aare.result = association_result::k_rejected_permanent;
      aare.diagnostic = diagnostic::k_authentication_failure;
    }
    if (aarq.mechanism == mechanism::k_hls_gmac) {
      aare.mechanism = aarq.mechanism;
      aare.diagnostic = diagnostic::k_authentication_required;
      aare.responding_authentication_value = challenge_;
      client_challenge_ = *aarq.calling_authentication_value;
    }
    return encode_acse(aare);
  }

  Apdu serve(const GetRequestNormal& get) {
    const auto found = objects.find(get.attribute);
    if (found == objects.end()) {
      return GetResponseNormal{get.invoke, DataAccessResult::object_undefined};
    }
    long_value_ = encode_data(found->second);
    if (long_value_.size() <= block_octets && !endless_blocks) {
      return GetResponseNormal{get.invoke, found->second};
    }
    sent_ = 0;
    return serve(GetRequestNext{get.invoke, 0});
  }
  Apdu serve(const GetRequestNext& next) {
    if (endless_blocks) {
      return GetResponseWithBlock{next.invoke, false, next.block_number + 1, Bytes(1 << 20)};
    }
    std::uint32_t number = next.block_number + 1;
    const DataBlock block = cut(number);
    if (number == skip_block) ++number;
    return GetResponseWithBlock{next.invoke, block.last, number, block.raw};
  }
  Apdu serve(const SetRequestNormal& set) {
    objects[set.attribute] = set.value;
    return SetResponseNormal{set.invoke, DataAccessResult::success};
  }
  Apdu serve(const SetRequestWithFirstBlock& set) {
    target_ = set.attribute;
    long_value_ = set.block.raw;
    return SetResponseBlock{set.invoke, set.block.number};
  }
  Apdu serve(const SetRequestWithBlock& set) {
    append(long_value_, set.block.raw);
    if (!set.block.last) return SetResponseBlock{set.invoke, set.block.number};
    objects[target_] = *decode_data(long_value_);
    return SetResponseLastBlock{set.invoke, DataAccessResult::success, set.block.number};
  }
  Apdu serve(const ActionRequestNormal& action) {
    if (action.method.class_id != 15) return ExceptionResponse{};
    client_is_authentic = verify_hls_gmac_token(server_keys(), client_title_, challenge_,
                                                *action.parameters->octets())
                              .has_value();
    Bytes token = *hls_gmac_token(server_keys(), title_, own_counter_++, client_challenge_);
    if (spoil_hls_token) token.back() ^= std::byte{1};
    return ActionResponseNormal{action.invoke, {ActionResult::success, octet_string(token)}};
  }
  // The long action gives its parameters back.
  Apdu serve(const ActionRequestWithFirstPblock& action) {
    long_value_ = action.block.raw;
    return ActionResponseNextPblock{action.invoke, action.block.number};
  }
  Apdu serve(const ActionRequestWithPblock& action) {
    append(long_value_, action.block.raw);
    if (!action.block.last) return ActionResponseNextPblock{action.invoke, action.block.number};
    sent_ = 0;
    return ActionResponseWithPblock{action.invoke, cut(1)};
  }
  Apdu serve(const ActionRequestNextPblock& next) {
    return ActionResponseWithPblock{next.invoke, cut(next.block_number + 1)};
  }
  template <class Other>
  Apdu serve(const Other&) {
    return ExceptionResponse{2, 2, {}};
  }

  DataBlock cut(std::uint32_t number) {
    const std::size_t count = std::min(block_octets, long_value_.size() - sent_);
    const BytesView raw = BytesView(long_value_).subspan(sent_, count);
    sent_ += count;
    return {sent_ == long_value_.size(), number, Bytes(raw.begin(), raw.end())};
  }

  SystemTitle title_ = *system_title_from(to_bytes("SRV00001")), client_title_{};
  std::uint32_t own_counter_ = 7;
  InvocationCounterCheck counter_;
  Bytes challenge_ = to_bytes("server challenge"), client_challenge_, long_value_;
  AttributeDescriptor target_;
  std::size_t sent_ = 0;
  bool ciphered_ = false;
  std::vector<Bytes> withheld_;
};

class ServerTransport final : public ApduTransport {
 public:
  explicit ServerTransport(std::shared_ptr<ScriptedServer> server) : server_(std::move(server)) {}
  Result<void> connect(harness::Deadline, std::stop_token) override { return {}; }
  Result<void> disconnect(harness::Deadline, std::stop_token) override { return {}; }
  Result<void> send(BytesView apdu, harness::Deadline, std::stop_token) override {
    server_->receive(apdu);
    return {};
  }
  Result<Bytes> receive(harness::Deadline, std::stop_token) override {
    if (server_->outgoing.empty()) return make_error_code(link::LinkError::timeout);
    Bytes first = std::move(server_->outgoing.front());
    server_->outgoing.pop_front();
    return first;
  }
  std::string name() const override { return "scripted server"; }

 private:
  std::shared_ptr<ScriptedServer> server_;
};

}  // namespace meterproof::cosem::test
