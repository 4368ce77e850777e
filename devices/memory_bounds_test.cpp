// Length bombs and deep nesting: octets that promise more than there is are refused before memory
// is asked for, recursion ends, and what a stream reader keeps does not grow with the noise that it
// is fed. Counted with the operator new below, so that each bound is a number.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "devices/cosem/access.hpp"
#include "devices/cosem/acse.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/classes/type.hpp"
#include "devices/cosem/general_block.hpp"
#include "devices/cosem/general_protection.hpp"
#include "devices/cosem/initiate.hpp"
#include "devices/cosem/profile_columns.hpp"
#include "devices/cosem/short_name.hpp"
#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/wrapper.hpp"
#include "devices/iec62056_21/messages.hpp"
#include "devices/push/notification.hpp"
#include "devices/test_only/allocations.hpp"

namespace {
thread_local meterproof::test_only::Allocations allocated;
}

// Not to be inlined: GCC would see free() of what new gave and call it a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocated.count;
  allocated.octets += size;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
// The library's own nothrow form would not match the delete below (std::stable_sort uses it).
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocated.count;
  allocated.octets += size;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

const meterproof::test_only::Allocations& meterproof::test_only::allocations() { return allocated; }

namespace meterproof {
namespace {

using cosem::Bytes;
using cosem::BytesView;
using cosem::CosemError;
using test_only::octets_allocated_by;

Bytes hex(std::string_view digits) { return cosem::from_hex(digits).value(); }

Bytes joined(const Bytes& head, const Bytes& tail) {
  Bytes all = head;
  cosem::append(all, tail);
  return all;
}

Bytes repeated(std::string_view digits, std::size_t times) {
  const Bytes one = hex(digits);
  Bytes all;
  for (std::size_t i = 0; i < times; ++i) cosem::append(all, one);
  return all;
}

constexpr std::size_t k_nearly_nothing = 1024;

TEST(MemoryBounds, TheCounterCounts) {
  EXPECT_GE(octets_allocated_by([] { Bytes(5000); }), 5000U);
}

TEST(LengthBomb, AValueThatPromisesFourGigabytesIsCutShort) {
  for (const char* octets : {"0184FFFFFFFF",      // array
                             "0284FFFFFFFF0000",  // structure
                             "0484FFFFFFFF00",    // bit-string
                             "0984FFFFFFFF00",    // octet-string
                             "0A84FFFFFFFF",      // visible-string
                             "0C8480000000",      // utf8-string
                             "130084FFFFFFFF",    // compact array of null-data
                             "130284FFFFFFFF00",  // compact array of a structure of so many
                             "1301FFFF01FFFF01FFFF0084FF",  // compact array of arrays of arrays
                             "0985FFFFFFFFFF00", "0980", "0988FFFFFFFFFFFFFFFF"}) {
    const std::size_t asked = octets_allocated_by([&] {
      EXPECT_EQ(cosem::decode_data(hex(octets)).error(), CosemError::truncated) << octets;
    });
    EXPECT_LT(asked, k_nearly_nothing) << octets;
  }
}

// Each level claims all octets behind it, which one level alone could have.
TEST(LengthBomb, NestedListsDoNotClaimTheSameOctetsAgain) {
  constexpr std::size_t k_tail = 60'000;
  Bytes octets;
  for (int level = 0; level < 14; ++level) {
    cosem::append(octets, hex(level % 2 == 0 ? "0182EA60" : "0282EA60"));
  }
  cosem::append(octets, Bytes(k_tail));
  const std::size_t asked = octets_allocated_by(
      [&] { EXPECT_EQ(cosem::decode_data(octets).error(), CosemError::truncated); });
  EXPECT_LT(asked, 2 * k_tail * sizeof(cosem::Data));
}

TEST(LengthBomb, AnArrayOfNullDataCostsNoMoreThanItsOctetsAllow) {
  const Bytes octets = joined(hex("0183030D40"), Bytes(200'000));
  const std::size_t asked = octets_allocated_by([&] { EXPECT_TRUE(cosem::decode_data(octets)); });
  EXPECT_LT(asked, octets.size() * sizeof(cosem::Data) + k_nearly_nothing);
  EXPECT_EQ(cosem::decode_data(octets, {.max_elements = 200'000}).error(), CosemError::too_large)
      << "the array itself is an element too";
}

// A few octets of description that stand for 65535 to the power of n elements.
TEST(LengthBomb, ACompactArrayExpandsToNoMoreElementsThanAllowed) {
  constexpr std::size_t k_most = 1000;
  for (const char* description :
       {"01FFFF00", "01FFFF01FFFF00", "01FFFF01FFFF01FFFF01FFFF00", "020301FFFF0001FFFF0011"}) {
    const cosem::CompactArray bomb{hex(description), Bytes(10)};
    const std::size_t asked = octets_allocated_by([&] {
      EXPECT_EQ(cosem::expand(bomb, {.max_elements = k_most}).error(), CosemError::too_large)
          << description;
    });
    EXPECT_LT(asked, 8 * k_most * sizeof(cosem::Data)) << description;
  }
  // Nothing in the contents, and yet elements: it would go on for ever.
  EXPECT_EQ(cosem::expand({hex("00"), Bytes(1)}).error(), CosemError::bad_value);
  EXPECT_EQ(cosem::expand({hex("01000000"), Bytes(1)}).error(), CosemError::bad_value);
}

TEST(LengthBomb, AProfileThatStatesMoreRowsThanFitReservesNothingForThem) {
  // 120 columns of null-data would be 2 octets and 120 more a row; half the octets are stated.
  constexpr std::size_t k_tail = 60'000;
  Bytes octets =
      hex("01827530"
          "0278");
  cosem::append(octets, repeated("1101", 120));
  cosem::append(octets, Bytes(k_tail));
  const std::size_t asked = octets_allocated_by(
      [&] { EXPECT_EQ(cosem::profile_columns(octets).error(), CosemError::bad_tag); });
  EXPECT_LT(asked, 16 * octets.size());
}

TEST(LengthBomb, ApdusWithListsAndBlocksThatAreNotThere) {
  const auto refuses = [](const char* octets, auto decode) {
    const Bytes input = hex(octets);
    harness::Error error;
    const std::size_t asked = octets_allocated_by([&] {
      const auto decoded = decode(input);
      if (decoded.has_error()) error = decoded.error();
    });
    EXPECT_EQ(error, CosemError::truncated) << octets;
    EXPECT_LT(asked, k_nearly_nothing) << octets;
  };
  const auto apdu = [](BytesView octets) { return cosem::decode_apdu(octets); };
  for (const char* octets : {"C00381"
                             "84FFFFFFFF00",
                             "C40381"
                             "84FFFFFFFF00",
                             "C40281"
                             "00000000010084FFFFFFFF00",
                             "C10481"
                             "84FFFFFFFF00",
                             "C30381"
                             "84FFFFFFFF00",
                             "C70381"
                             "84FFFFFFFF00",
                             "C103810100000001"
                             "84FFFFFFFF",
                             "0F00000001"
                             "0C"}) {
    refuses(octets, apdu);
  }
  for (const char* octets : {"0584FFFFFFFF02FA00", "0C84FFFFFFFF00", "0684FFFFFFFF02"}) {
    refuses(octets, [](BytesView one) { return cosem::decode_short_name(one); });
  }
  refuses("D9400000010084FFFFFFFF01",
          [](BytesView one) { return cosem::decode_access_request(one); });
  refuses("DA40000001000084FFFFFFFF00",
          [](BytesView one) { return cosem::decode_access_response(one); });
  refuses("E0C00001000084FFFFFFFF", [](BytesView one) { return cosem::decode_general_block(one); });
  refuses("C884FFFFFFFF30000000", [](BytesView one) { return cosem::parse_ciphered(one); });
  refuses("DB84FFFFFFFF30000000", [](BytesView one) { return cosem::parse_ciphered(one); });
  refuses("DD84FFFFFFFF00", [](BytesView one) { return cosem::decode_general_ciphering(one); });
  refuses("DF84FFFFFFFF00", [](BytesView one) { return cosem::decode_general_signing(one); });
  refuses("010184FFFFFFFF00", [](BytesView one) { return cosem::decode_initiate_request(one); });
}

TEST(LengthBomb, LongLengthsOfBer) {
  for (const char* octets :
       {"6084FFFFFFFF", "6184FFFFFFFFA1", "6085FFFFFFFFFF", "6080A1090000", "60FF",
        "6006BE84FFFFFFFF", "6008A10684FFFFFFFF00", "6006A684FFFFFFFF"}) {
    const std::size_t asked =
        octets_allocated_by([&] { EXPECT_FALSE(cosem::decode_acse(hex(octets))) << octets; });
    EXPECT_LT(asked, k_nearly_nothing) << octets;
  }
  // Thousands of unknown fields make a few notes.
  Bytes fields = hex("A109060760857405080101");
  cosem::append(fields, repeated("9F00", 20'000));
  Bytes aarq = hex("60");
  cosem::append_octets(aarq, fields);
  const auto noted = cosem::decode_acse(aarq);
  ASSERT_TRUE(noted) << noted.error().message();
  EXPECT_LE(std::get<cosem::Aarq>(*noted).oddities.size(), 16U);
}

TEST(DeepNesting, EndsAtTheDepthAllowed) {
  for (const char* level : {"0101", "0201"}) {
    EXPECT_EQ(cosem::decode_data(repeated(level, 50'000)).error(), CosemError::too_deep);
    EXPECT_EQ(
        cosem::ProfileCursor::over(joined(hex("0101"), repeated(level, 50'000)))->next().error(),
        level[1] == '2' ? CosemError::too_deep : CosemError::bad_tag);
  }
  const Bytes arrays = joined(hex("13"), repeated("010001", 30'000));
  EXPECT_EQ(cosem::decode_data(arrays).error(), CosemError::too_deep);
  EXPECT_EQ(cosem::decode_data(joined(hex("13"), repeated("0201", 30'000))).error(),
            CosemError::too_deep);
  EXPECT_EQ(cosem::expand({repeated("010001", 30'000), Bytes(1)}).error(), CosemError::too_deep);
  EXPECT_EQ(cosem::decode_apdu(joined(hex("C4018100"), repeated("0101", 50'000))).error(),
            CosemError::too_deep);

  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "array of ";
  EXPECT_FALSE(cosem::classes::parse_type(text + "unsigned"));
  EXPECT_FALSE(cosem::classes::parse_type(std::string(100'000, '<')));
  text.clear();
  for (int i = 0; i < 100'000; ++i) text += "structure{a: ";
  EXPECT_FALSE(cosem::classes::parse_type(text));
}

// One octet at a time, as a line gives them, and somebody who takes what comes out.
template <class Reader>
std::size_t fed_with(Reader& reader, std::size_t times, BytesView pattern) {
  return octets_allocated_by([&] {
    for (std::size_t i = 0; i < times; ++i) {
      for (const std::byte& octet : pattern) {
        reader.push({&octet, 1});
        while (reader.next()) {
        }
      }
    }
  });
}

TEST(Streams, NoiseWithoutEndIsNotKept) {
  constexpr std::size_t k_times = 3000, k_kept = 64 * 1024;
  for (const char* noise : {"7EA7FF0321", "7EA00A", "00", "7E", "68FAFA68", "6868", "2F", "06"}) {
    hdlc::FrameReader frames;
    EXPECT_LT(fed_with(frames, k_times, hex(noise)), k_kept) << noise;
    mbus::LongFrameReader long_frames;
    EXPECT_LT(fed_with(long_frames, k_times, hex(noise)), k_kept) << noise;
    iec62056_21::MessageReader messages;
    EXPECT_LT(fed_with(messages, k_times, hex(noise)), k_kept) << noise;
  }
}

TEST(Streams, ALongBeginningCostsTimeInProportion) {
  // A quarter of a megabyte of beginnings in one piece: no reader may look at all of it for each of
  // them.
  const Bytes slashes(1 << 18, std::byte{'/'});
  iec62056_21::MessageReader messages;
  messages.push(slashes);
  EXPECT_FALSE(messages.next());
  EXPECT_EQ(messages.noise(), slashes.size() - 63);
}

TEST(Streams, AWrapperHeaderThatPromisesMoreThanAllowedEndsTheStream) {
  hdlc::WrapperReader reader(4096);
  const std::size_t asked = octets_allocated_by([&] {
    reader.push(hex("000100100001FFFF"));
    EXPECT_EQ(reader.next().error(), hdlc::HdlcError::too_long);
  });
  EXPECT_LT(asked, k_nearly_nothing);
}

TEST(Streams, SegmentsOfPushesThatNeverEndAreDropped) {
  push::TelegramReader reader(push::Framing::hdlc);
  for (std::uint16_t sender = 0; sender < 120; ++sender) {
    const Bytes frame = hdlc::encode(
        {hdlc::Address::client(1), hdlc::Address::server(sender), 0x13, true, Bytes(2000)});
    for (int i = 0; i < 40; ++i) reader.push(frame);
  }
  EXPECT_FALSE(reader.next());
  // Of each sender one message grew too long; of those begun again 16 are kept at most.
  EXPECT_EQ(reader.dropped(), 120U + 120U - 16U);
}

}  // namespace
}  // namespace meterproof
