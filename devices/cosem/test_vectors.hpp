// The public vectors of test_data/vectors.json and security_vectors.json, for tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem::test {

inline const boost::json::array& vectors() {
  static const boost::json::array all = [] {
    boost::json::array joined;
    for (const char* name : {"vectors.json", "security_vectors.json"}) {
      std::ifstream file(std::string(METERPROOF_SOURCE_DIR "/devices/cosem/test_data/") + name);
      const boost::json::value document =
          boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
      for (const auto& vector : document.at("vectors").as_array()) joined.push_back(vector);
    }
    return joined;
  }();
  return all;
}

// Fields of one vector; throws, and so fails the test, when there is none.
inline const boost::json::value& vector_fields(std::string_view id) {
  for (const boost::json::value& vector : vectors()) {
    if (vector.at("id").as_string() == id) return vector.at("fields");
  }
  throw std::out_of_range("no vector " + std::string(id));
}

inline Bytes hex_of(const boost::json::value& value) {
  return from_hex(std::string(value.as_string())).value();
}
inline Bytes field(std::string_view id, std::string_view name) {
  return hex_of(vector_fields(id).at(name));
}
inline Bytes hex(std::string_view digits) { return from_hex(digits).value(); }

// All hex strings of all vectors, as raw material for mutation.
inline std::vector<Bytes> all_octets() {
  std::vector<Bytes> found;
  for (const boost::json::value& vector : vectors()) {
    for (const auto& [name, value] : vector.at("fields").as_object()) {
      if (!value.is_string()) continue;
      if (const auto octets = from_hex(std::string(value.as_string()))) found.push_back(*octets);
    }
  }
  return found;
}

}  // namespace meterproof::cosem::test
