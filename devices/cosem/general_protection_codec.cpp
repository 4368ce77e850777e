#include "devices/cosem/general_protection.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_general_ciphering_tag = 0xDD, k_general_signing_tag = 0xDF;
constexpr std::uint8_t k_identified_choice = 0, k_wrapped_choice = 1, k_agreed_choice = 2;

void append_header(Bytes& out, const GeneralHeader& header) {
  append_octets(out, header.transaction_id);
  append_octets(out, header.originator_title);
  append_octets(out, header.recipient_title);
  append_octets(out, header.date_time);
  append_octets(out, header.other_information);
}

struct AppendKeyInfo {
  Bytes& out;
  void operator()(const IdentifiedKey& key) const {
    append_u8(out, k_identified_choice);
    append_u8(out, key.id);
  }
  void operator()(const WrappedKey& key) const {
    append_u8(out, k_wrapped_choice);
    append_u8(out, key.kek);
    append_octets(out, key.wrapped);
  }
  void operator()(const AgreedKey& key) const {
    append_u8(out, k_agreed_choice);
    append_octets(out, key.parameters);
    append_octets(out, key.ciphered_data);
  }
};

bool read_octets(Reader& reader, Bytes& into) {
  const auto octets = reader.octets();
  if (!octets) return false;
  into.assign(octets->begin(), octets->end());
  return true;
}

bool read_header(Reader& reader, GeneralHeader& header) {
  return read_octets(reader, header.transaction_id) &&
         read_octets(reader, header.originator_title) &&
         read_octets(reader, header.recipient_title) && read_octets(reader, header.date_time) &&
         read_octets(reader, header.other_information);
}

Result<KeyInfo> read_key_info(Reader& reader) {
  const auto choice = reader.u8();
  if (!choice) return CosemError::truncated;
  if (*choice == k_identified_choice) {
    const auto id = reader.u8();
    if (!id) return CosemError::truncated;
    return KeyInfo(IdentifiedKey{*id});
  }
  if (*choice == k_wrapped_choice) {
    const auto kek = reader.u8();
    WrappedKey key;
    if (!kek || !read_octets(reader, key.wrapped)) return CosemError::truncated;
    key.kek = *kek;
    return KeyInfo(std::move(key));
  }
  if (*choice != k_agreed_choice) return CosemError::bad_tag;
  AgreedKey key;
  if (!read_octets(reader, key.parameters) || !read_octets(reader, key.ciphered_data)) {
    return CosemError::truncated;
  }
  return KeyInfo(std::move(key));
}

}  // namespace

Bytes encode_general_ciphering(const GeneralCiphering& apdu) {
  Bytes out;
  append_u8(out, k_general_ciphering_tag);
  append_header(out, apdu.header);
  append_u8(out, apdu.key_info ? 1 : 0);
  if (apdu.key_info) std::visit(AppendKeyInfo{out}, *apdu.key_info);
  append_octets(out, apdu.content);
  return out;
}

Bytes encode_general_signing(const GeneralSigning& apdu) {
  Bytes out;
  append_u8(out, k_general_signing_tag);
  append_header(out, apdu.header);
  append_octets(out, apdu.content);
  append_octets(out, apdu.signature);
  return out;
}

Result<GeneralCiphering> decode_general_ciphering(BytesView octets) {
  Reader reader(octets);
  const auto tag = reader.u8();
  if (!tag) return CosemError::truncated;
  if (*tag != k_general_ciphering_tag) return CosemError::bad_tag;
  GeneralCiphering apdu;
  if (!read_header(reader, apdu.header)) return CosemError::truncated;
  const auto with_key_info = reader.u8();
  if (!with_key_info) return CosemError::truncated;
  if (*with_key_info != 0) {
    Result<KeyInfo> key_info = read_key_info(reader);
    if (key_info.has_error()) return key_info.error();
    apdu.key_info = std::move(*key_info);
  }
  if (!read_octets(reader, apdu.content)) return CosemError::truncated;
  if (reader.left() > 0) return CosemError::trailing_octets;
  return apdu;
}

Result<GeneralSigning> decode_general_signing(BytesView octets) {
  Reader reader(octets);
  const auto tag = reader.u8();
  if (!tag) return CosemError::truncated;
  if (*tag != k_general_signing_tag) return CosemError::bad_tag;
  GeneralSigning apdu;
  if (!read_header(reader, apdu.header) || !read_octets(reader, apdu.content) ||
      !read_octets(reader, apdu.signature)) {
    return CosemError::truncated;
  }
  if (reader.left() > 0) return CosemError::trailing_octets;
  return apdu;
}

}  // namespace meterproof::cosem
