// Reads ACSE APDUs element by element: known tags are taken apart, unknown ones are noted and
// skipped, and the order does not matter.
#include <algorithm>
#include <array>

#include "devices/cosem/acse.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::array<std::uint8_t, 5> k_dlms_ua_prefix = {0x60, 0x85, 0x74, 0x05, 0x08};

struct BerElement {
  std::uint8_t tag = 0;
  BytesView contents;
};

// What one APDU's decoding knows: the first error, and what was odd.
class AcseReader {
 public:
  explicit AcseReader(std::vector<std::string>& oddities) : oddities_(oddities) {}

  const std::optional<CosemError>& error() const { return error_; }
  void fail(CosemError error) {
    if (!error_) error_ = error;
  }
  void odd(std::string what) {
    // A hostile APDU must not make thousands of notes.
    if (oddities_.size() < 16) oddities_.push_back(std::move(what));
  }

  // The one element that contents must hold.
  BytesView inner(BytesView contents, std::uint8_t tag) {
    Reader reader(contents);
    const auto found = reader.u8();
    const auto octets = reader.octets();
    if (!found || !octets) {
      fail(CosemError::truncated);
      return {};
    }
    if (*found != tag) fail(CosemError::bad_tag);
    if (reader.left() > 0) odd("octets after the element inside a field");
    return *octets;
  }
  std::uint8_t small_integer(BytesView contents) {
    BytesView octets = inner(contents, 0x02);
    if (octets.size() == 2 && octets.front() == std::byte{0}) octets = octets.subspan(1);
    if (octets.size() == 1) return std::to_integer<std::uint8_t>(octets.front());
    fail(CosemError::bad_length);
    return 0;
  }
  // Last arc below 2.16.756.5.8.branch; nothing for a foreign name.
  std::optional<std::uint8_t> arc(BytesView oid, std::uint8_t branch) {
    const BytesView prefix = std::as_bytes(std::span(k_dlms_ua_prefix));
    if (oid.size() != prefix.size() + 2 || !std::equal(prefix.begin(), prefix.end(), oid.begin()) ||
        oid[prefix.size()] != std::byte{branch}) {
      odd("a name that is not of the DLMS UA: " +
          to_hex(oid.first(std::min<std::size_t>(oid.size(), 16))));
      return std::nullopt;
    }
    return std::to_integer<std::uint8_t>(oid.back());
  }
  bool requirements(BytesView contents) {
    if (contents.size() != 2 || contents.front() != std::byte{7}) {
      odd("ACSE requirements that are not a bit string of one bit");
    }
    return !contents.empty() && (contents.back() & std::byte{0x80}) != std::byte{0};
  }
  // Authentication-value: charstring [0], bitstring [1] or external [2].
  Bytes authentication_value(BytesView contents) {
    const bool is_charstring = !contents.empty() && contents.front() == std::byte{0x80};
    if (!is_charstring) odd("an authentication value that is not a charstring");
    const std::uint8_t tag =
        contents.empty() ? std::uint8_t{0x80} : std::to_integer<std::uint8_t>(contents.front());
    return copy(inner(contents, tag));
  }
  Bytes octet_string_inside(BytesView contents) { return copy(inner(contents, 0x04)); }
  static Bytes copy(BytesView view) { return Bytes(view.begin(), view.end()); }

 private:
  std::optional<CosemError> error_;
  std::vector<std::string>& oddities_;
};

template <class Handle>
void for_each_element(AcseReader& in, BytesView contents, Handle handle) {
  Reader reader(contents);
  while (reader.left() > 0 && !in.error()) {
    const auto tag = reader.u8();
    const auto octets = reader.octets();
    if (!octets) return in.fail(CosemError::truncated);
    if (!handle(BerElement{*tag, *octets})) {
      in.odd("unknown field " + to_hex(std::as_bytes(std::span(&*tag, 1))));
    }
  }
}

void read_aarq(AcseReader& in, BytesView contents, Aarq& aarq) {
  bool has_context = false;
  aarq.application_context.reset();
  for_each_element(in, contents, [&](const BerElement& element) {
    switch (element.tag) {
      case 0x80:
        // BIT STRING {version1 (0)}: unused bits, then the bits.
        in.odd("protocol-version is sent");
        if (element.contents.size() != 2 || (element.contents[1] & std::byte{0x80}) == std::byte{0})
          in.odd("protocol-version is not version1");
        return true;
      case 0xA1:
        has_context = true;
        aarq.application_context = in.arc(in.inner(element.contents, 0x06), 1);
        return true;
      case 0xA6:
        aarq.calling_ap_title = in.octet_string_inside(element.contents);
        return true;
      case 0xA7:
        aarq.calling_ae_qualifier = in.octet_string_inside(element.contents);
        return true;
      case 0xA9:
        aarq.calling_ae_invocation_id = in.small_integer(element.contents);
        return true;
      case 0x8A:
        aarq.sender_acse_requirements = in.requirements(element.contents);
        return true;
      case 0x8B:
        aarq.mechanism = in.arc(element.contents, 2);
        return true;
      case 0xAC:
        aarq.calling_authentication_value = in.authentication_value(element.contents);
        return true;
      case 0xBE:
        aarq.user_information = in.octet_string_inside(element.contents);
        return true;
      default:
        return false;
    }
  });
  if (!has_context) in.fail(CosemError::truncated);
}

void read_diagnostic(AcseReader& in, BytesView contents, Aare& aare) {
  Reader reader(contents);
  const auto source = reader.u8();
  const auto octets = reader.octets();
  if (!octets) return in.fail(CosemError::truncated);
  if (*source != 0xA1 && *source != 0xA2) return in.fail(CosemError::bad_tag);
  aare.diagnostic_source = *source == 0xA1 ? 1 : 2;
  aare.diagnostic = in.small_integer(*octets);
}

void read_aare(AcseReader& in, BytesView contents, Aare& aare) {
  bool has_result = false;
  bool has_context = false;
  aare.application_context.reset();
  for_each_element(in, contents, [&](const BerElement& element) {
    switch (element.tag) {
      case 0x80:
        in.odd("protocol-version is sent");
        return true;
      case 0xA1:
        has_context = true;
        aare.application_context = in.arc(in.inner(element.contents, 0x06), 1);
        return true;
      case 0xA2:
        has_result = true;
        aare.result = in.small_integer(element.contents);
        return true;
      case 0xA3:
        read_diagnostic(in, element.contents, aare);
        return true;
      case 0xA4:
        aare.responding_ap_title = in.octet_string_inside(element.contents);
        return true;
      case 0x88:
        aare.responder_acse_requirements = in.requirements(element.contents);
        return true;
      case 0x89:
        aare.mechanism = in.arc(element.contents, 2);
        return true;
      case 0xAA:
        aare.responding_authentication_value = in.authentication_value(element.contents);
        return true;
      case 0xBE:
        aare.user_information = in.octet_string_inside(element.contents);
        return true;
      default:
        return false;
    }
  });
  if (!has_context) in.odd("no application context name");
  if (!has_result) in.fail(CosemError::truncated);
}

template <class Release>
void read_release(AcseReader& in, BytesView contents, Release& release) {
  release.reason.reset();
  for_each_element(in, contents, [&](const BerElement& element) {
    if (element.tag == 0x80 && element.contents.size() == 1) {
      release.reason = std::to_integer<std::uint8_t>(element.contents.front());
      return true;
    }
    if (element.tag == 0xBE) {
      release.user_information = in.octet_string_inside(element.contents);
      return true;
    }
    return false;
  });
}

// A release that contradicts itself is still a release: its lengths are judged, not obeyed.
void read_rlre(AcseReader& in, BytesView contents, Rlre& rlre) {
  AcseReader strict(rlre.oddities);
  read_release(strict, contents, rlre);
  if (!strict.error()) return;
  in.odd("lengths inside that contradict each other");
  rlre.user_information.clear();
}

template <class One, class Read>
Result<AcseApdu> decode_one(BytesView octets, bool lenient_length, Read read) {
  One one;
  AcseReader in(one.oddities);
  Reader reader(octets.subspan(1));
  const auto length = reader.length();
  if (!length) return CosemError::truncated;
  BytesView contents = reader.rest();
  if (*length != contents.size()) {
    // Meters in the field state wrong lengths when they release; nothing hangs on it any more.
    if (!lenient_length) {
      return *length > contents.size() ? CosemError::truncated : CosemError::trailing_octets;
    }
    in.odd("the length says " + std::to_string(*length) + " but there are " +
           std::to_string(contents.size()) + " octets");
  }
  read(in, contents, one);
  if (in.error()) return *in.error();
  return AcseApdu(std::move(one));
}

}  // namespace

Result<AcseApdu> decode_acse(BytesView octets) {
  if (octets.empty()) return CosemError::truncated;
  switch (std::to_integer<std::uint8_t>(octets.front())) {
    case 0x60:
      return decode_one<Aarq>(octets, false, read_aarq);
    case 0x61:
      return decode_one<Aare>(octets, false, read_aare);
    case 0x62:
      return decode_one<Rlrq>(octets, true, read_release<Rlrq>);
    case 0x63:
      return decode_one<Rlre>(octets, true, read_rlre);
    default:
      return CosemError::bad_tag;
  }
}

}  // namespace meterproof::cosem
