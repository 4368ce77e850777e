// SHA-256 as lower-case hex, for attachments and the manifest.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace meterproof::journal {

std::string sha256(std::span<const std::byte> bytes);
// Throws BenchError when the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace meterproof::journal
