// What every decoder must bear, for the tables of the *truncation_test.cpp files: whole octets that
// decode, the same octets cut at every position, with one octet too many, and with each bit
// flipped. Decoders are total (docs/design.md, section 4): a value or a categorised error, never
// more. Where an encoder exists, what decodes must encode to octets that decode to the same again.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/result.hpp"

namespace meterproof::test_only {

using Octets = std::vector<std::byte>;
using OctetsView = std::span<const std::byte>;

// What a decoder made of octets.
struct Decoded {
  bool is_value = false;
  // Only of decoders that say why: an optional gives none.
  std::optional<harness::Error> error;
  std::optional<Octets> encoded;  // the value again, where there is an encoder
};

// Which prefixes of valid octets may decode to a shorter value.
enum class Cuts { none_decodes, some_decode };

struct DecoderCase {
  std::string decoder;  // as the header names it; the census looks for this word
  std::string what;     // which octets
  Octets octets;
  std::function<Decoded(OctetsView)> decode;
  Cuts cuts = Cuts::none_decodes;
  // Octets after the value: usually an error.
  bool takes_more = false;
};

template <class T>
Decoded decoded(const harness::Result<T>& result) {
  if (result.has_error()) return {false, result.error(), {}};
  return {true, {}, {}};
}

template <class T>
Decoded decoded(const std::optional<T>& result) {
  return {result.has_value(), {}, {}};
}

// encode: from the value to the octets it came from.
template <class Result, class Encode>
Decoded decoded(const Result& result, Encode encode) {
  Decoded made = decoded(result);
  if (made.is_value) made.encoded = encode(*result);
  return made;
}

// In memory of their own, as long as they are: a sanitizer sees the first octet read beyond.
inline Decoded decode_alone(const DecoderCase& one, OctetsView octets) {
  const Octets alone(octets.begin(), octets.end());
  return one.decode(alone);
}

inline bool is_categorised(const Decoded& made) {
  if (made.is_value || !made.error) return true;
  const auto& category = made.error->category();
  return made.error->failed() && category != boost::system::generic_category() &&
         category != boost::system::system_category() && !made.error->message().empty();
}

inline bool is_stable(const DecoderCase& one, const Decoded& made) {
  if (!made.encoded) return true;
  const Decoded again = decode_alone(one, *made.encoded);
  return again.is_value && again.encoded == made.encoded;
}

inline void bears_anything(const DecoderCase& one) {
  SCOPED_TRACE(one.decoder + ": " + one.what);
  const Decoded whole = decode_alone(one, one.octets);
  ASSERT_TRUE(whole.is_value) << (whole.error ? whole.error->message() : "no value");
  EXPECT_EQ(whole.encoded.value_or(one.octets), one.octets);

  for (std::size_t size = 0; size < one.octets.size(); ++size) {
    const Decoded cut = decode_alone(one, OctetsView(one.octets).first(size));
    EXPECT_FALSE(cut.is_value && one.cuts == Cuts::none_decodes) << "cut to " << size;
    EXPECT_TRUE(is_categorised(cut)) << "cut to " << size;
    EXPECT_TRUE(is_stable(one, cut)) << "cut to " << size;
  }

  Octets changed = one.octets;
  for (std::size_t bit = 0; bit < 8 * changed.size(); ++bit) {
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    const Decoded flipped = decode_alone(one, changed);
    EXPECT_TRUE(is_categorised(flipped)) << "bit " << bit;
    EXPECT_TRUE(is_stable(one, flipped)) << "bit " << bit;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
  }

  changed.push_back(std::byte{0});
  const Decoded more = decode_alone(one, changed);
  EXPECT_EQ(more.is_value, one.takes_more) << "one octet more";
  EXPECT_TRUE(is_categorised(more));
}

}  // namespace meterproof::test_only
