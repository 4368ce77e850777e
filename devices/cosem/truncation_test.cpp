// The table of the decoders of xDLMS and ACSE: what each of them makes of valid octets that are cut
// anywhere, changed in any bit or followed by more. Keys, certificates and protected APDUs stand in
// security_truncation_test.cpp, what is read out of Data in classes/truncation_test.cpp.
#include "devices/cosem/access.hpp"
#include "devices/cosem/acse.hpp"
#include "devices/cosem/general_block.hpp"
#include "devices/cosem/initiate.hpp"
#include "devices/cosem/profile_columns.hpp"
#include "devices/cosem/short_name.hpp"
#include "devices/cosem/test_only/random_apdu.hpp"
#include "devices/cosem/test_vectors.hpp"
#include "devices/test_only/hostile_octets.hpp"

namespace meterproof::cosem {
namespace {

using test::field;
using test::hex;
using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

Bytes twelve_octets_of_time() { return hex("07EA0504010A000000FFC400"); }

std::vector<Data> one_value_of_each_type() {
  const DateTime time = *date_time_from(twelve_octets_of_time());
  return {Null{},
          array({std::uint8_t{1}, std::uint8_t{2}}),
          structure({std::int16_t{-1}, octet_string(hex("0102"))}),
          true,
          BitString{11, hex("ABE0")},
          std::int32_t{-5},
          std::uint32_t{5},
          OctetString{hex("00010203")},
          VisibleString{"visible"},
          Utf8String{"\xC3\xBC"},
          Bcd{0x42},
          std::int8_t{-1},
          std::int16_t{-300},
          std::uint8_t{200},
          std::uint16_t{60000},
          CompactArray{hex("020212"
                           "11"),
                       hex("000102"
                           "000304")},
          std::int64_t{-7},
          std::uint64_t{7},
          Enum{3},
          1.5F,
          2.25,
          time,
          time.date,
          time.time,
          DontCare{},
          array({structure({array({}), structure({})}), Data(OctetString{Bytes(200)})})};
}

void add_values(std::vector<DecoderCase>& cases) {
  for (const Data& value : one_value_of_each_type()) {
    cases.push_back({"decode_data", to_string(value), encode_data(value), [](BytesView octets) {
                       return decoded(decode_data(octets),
                                      [](const Data& data) { return encode_data(data); });
                     }});
  }
  cases.push_back({"expand", "compact array of structures",
                   hex("1302"
                       "02"
                       "12"
                       "09"
                       "0B"
                       "0001"
                       "02ABCD"
                       "0002"
                       "03EF0102"),
                   [](BytesView octets) {
                     const auto data = decode_data(octets);
                     if (!data) return decoded(data);
                     const auto* compact = data->as<CompactArray>();
                     if (!compact) return decoded(Result<Data>(CosemError::type_mismatch));
                     return decoded(expand(*compact));
                   }});
  cases.push_back(
      {"expand", "contents of a compact array", hex("000102ABCD000203EF0102"),
       [](BytesView octets) {
         const CompactArray compact{hex("02021209"), Bytes(octets.begin(), octets.end())};
         return decoded(expand(compact));
       },
       Cuts::some_decode});
  cases.push_back({"date_from", "", hex("07EA050401"), [](BytesView octets) {
                     return decoded(date_from(octets), [](const Date& date) {
                       Bytes out;
                       append_date(out, date);
                       return out;
                     });
                   }});
  cases.push_back({"time_from", "", hex("0A0B0C0D"), [](BytesView octets) {
                     return decoded(time_from(octets), [](const Time& time) {
                       Bytes out;
                       append_time(out, time);
                       return out;
                     });
                   }});
  cases.push_back({"date_time_from", "", twelve_octets_of_time(),
                   [](BytesView octets) { return decoded(date_time_from(octets), octets_of); }});
  cases.push_back({"LogicalName::from", "", hex("0100010800FF"), [](BytesView octets) {
                     return decoded(LogicalName::from(octets),
                                    [](const LogicalName& name) { return name.octets(); });
                   }});
}

// Cells and layout of the rows: a hostile buffer must not get through either reader.
void add_profiles(std::vector<DecoderCase>& cases) {
  const ProfileLayout layout{.clock_column = 0, .period = std::chrono::minutes(15)};
  for (const char* rows : {"0102"
                           "0202"
                           "090C07E8021D04172D00FFFFC400"
                           "1105"
                           "0202"
                           "00"
                           "1106",
                           "1302"
                           "02"
                           "12"
                           "09"
                           "0A"
                           "0001"
                           "02ABCD"
                           "0002"
                           "02EF01"}) {
    cases.push_back({"ProfileCursor::over", rows, hex(rows), [layout](BytesView octets) -> Decoded {
                       auto cursor = ProfileCursor::over(octets, layout);
                       if (!cursor) return decoded(cursor);
                       for (;;) {
                         const Result<bool> more = cursor->next();
                         if (!more) return decoded(more);
                         if (!*more) return {true, {}, {}};
                         for (std::size_t i = 0; i < cursor->columns(); ++i) {
                           const auto cell = (*cursor)[i].data();
                           if (!cell) return decoded(cell);
                         }
                       }
                     }});
    cases.push_back({"profile_columns", rows, hex(rows), [layout](BytesView octets) {
                       return decoded(profile_columns(octets, layout));
                     }});
  }
}

void add_apdus(std::vector<DecoderCase>& cases) {
  test::RandomApdu random(4);
  for (const Apdu& apdu : random.one_of_each()) {
    const Bytes octets = encode_apdu(apdu);
    // The invocation counter of an exception-response is optional.
    const bool exception = std::holds_alternative<ExceptionResponse>(apdu);
    cases.push_back({"decode_apdu", to_hex(BytesView(octets).first(3)), octets,
                     [](BytesView one) { return decoded(decode_apdu(one), encode_apdu); },
                     exception ? Cuts::some_decode : Cuts::none_decodes});
  }
  for (const char* octets :
       {"050102FA00", "0502022000040110020F05", "0501050007", "05010601000203010203",
        "0C0100090101", "0C020011010104", "0C010200000102AABB", "0C01030002", "0601020110011101",
        "060107010003010901CC", "0D0100", "0D020103020004", "1601020110011101",
        "180001020110011101", "18010332363001020110011101"}) {
    cases.push_back({"decode_short_name", octets, hex(octets), [](BytesView one) {
                       return decoded(decode_short_name(one), encode_short_name);
                     }});
  }
  for (const char* octets : {"D9400000010004010008"
                             "0000010000FF02"
                             "020001"
                             "0000603200FF02"
                             "030046"
                             "000060030AFF01"
                             "040007"
                             "0100630100FF02021101"
                             "04"
                             "00"
                             "1101"
                             "0F00"
                             "00",
                             "D9400000010C07EA0504010A000000FFC4000000"}) {
    cases.push_back({"decode_access_request", octets, hex(octets), [](BytesView one) {
                       return decoded(decode_access_request(one), [](const AccessRequest& request) {
                         return encode_access(request);
                       });
                     }});
  }
  for (const char* octets : {"DA4000000100"
                             "00"
                             "0311050000"
                             "03"
                             "0100"
                             "0203"
                             "0304",
                             "DA500000010C07EA0504010A000000FFC400"
                             "01"
                             "01010008"
                             "0000010000FF02"
                             "011105"
                             "01"
                             "0100"}) {
    cases.push_back({"decode_access_response", octets, hex(octets), [](BytesView one) {
                       return decoded(
                           decode_access_response(one),
                           [](const AccessResponse& response) { return encode_access(response); });
                     }});
  }
  for (const GeneralBlock& block : {GeneralBlock{true, true, 5, 3, 1, hex("C001C1")},
                                    GeneralBlock{false, false, 63, 0xFFFF, 7, Bytes(200)}}) {
    cases.push_back({"decode_general_block", "", encode(block), [](BytesView one) {
                       return decoded(decode_general_block(one),
                                      [](const GeneralBlock& read) { return encode(read); });
                     }});
  }
}

// What is odd is read and noted but not written again, so that only what has no oddity is encoded.
Decoded read_acse(BytesView octets) {
  const auto apdu = decode_acse(octets);
  Decoded made = decoded(apdu);
  if (!apdu) return made;
  if (std::visit([](const auto& one) { return one.oddities.empty(); }, *apdu)) {
    made.encoded = encode_acse(*apdu);
  }
  return made;
}

void add_associations(std::vector<DecoderCase>& cases) {
  for (const char* id : {"gb-aarq-none", "gb-aarq-lls", "gb-aarq-hls5", "gb-aarq-ciphered-lls",
                         "gb-aare-accept", "gb-aare-hls", "gb-aare-ctx-not-supported"}) {
    cases.push_back({"decode_acse", id, field(id, "apdu"), read_acse});
  }
  // Releases are taken also with wrong lengths, which are noted: nothing hangs on them any more.
  // What follows must still be whole fields in an RLRQ.
  for (const char* octets : {"6203800100", "6303800100", "6200", "6300",
                             "6215800100BE10040E01000000065F1F040000501F01F4"}) {
    cases.push_back(
        {"decode_acse", octets, hex(octets), read_acse, Cuts::some_decode, octets[1] == '3'});
  }
  InitiateRequest with_key;
  with_key.dedicated_key = Bytes(16, std::byte{0x11});
  with_key.quality_of_service = std::uint8_t{0};
  with_key.response_allowed = false;
  for (const InitiateRequest& request : {InitiateRequest{}, with_key}) {
    cases.push_back({"decode_initiate_request", "", encode(request), [](BytesView octets) {
                       return decoded(decode_initiate_request(octets),
                                      [](const InitiateRequest& read) { return encode(read); });
                     }});
  }
  InitiateResponse with_quality;
  with_quality.quality_of_service = std::uint8_t{1};
  for (const InitiateResponse& response : {InitiateResponse{}, with_quality}) {
    cases.push_back({"decode_initiate_response", "", encode(response), [](BytesView octets) {
                       return decoded(decode_initiate_response(octets),
                                      [](const InitiateResponse& read) { return encode(read); });
                     }});
  }
}

Bytes octets_of_text(const std::string& text) { return to_bytes(text); }

void add_texts(std::vector<DecoderCase>& cases) {
  const auto text = [](BytesView octets) {
    return std::string(reinterpret_cast<const char*>(octets.data()), octets.size());
  };
  cases.push_back({"LogicalName::parse", "", to_bytes("1-0:1.8.0.255"),
                   [text](BytesView octets) {
                     return decoded(LogicalName::parse(text(octets)), [](const LogicalName& name) {
                       return octets_of_text(name.to_string());
                     });
                   },
                   Cuts::some_decode});
  cases.push_back({"from_hex", "", to_bytes("C001C1"),
                   [text](BytesView octets) {
                     return decoded(from_hex(text(octets)),
                                    [](const Bytes& made) { return octets_of_text(to_hex(made)); });
                   },
                   Cuts::some_decode});
}

TEST(Truncation, ValuesAndProfiles) {
  std::vector<DecoderCase> cases;
  add_values(cases);
  add_profiles(cases);
  add_texts(cases);
  for (const DecoderCase& one : cases) bears_anything(one);
}

TEST(Truncation, XdlmsApdus) {
  std::vector<DecoderCase> cases;
  add_apdus(cases);
  for (const DecoderCase& one : cases) bears_anything(one);
}

TEST(Truncation, AcseAndInitiate) {
  std::vector<DecoderCase> cases;
  add_associations(cases);
  for (const DecoderCase& one : cases) bears_anything(one);
}

}  // namespace
}  // namespace meterproof::cosem
