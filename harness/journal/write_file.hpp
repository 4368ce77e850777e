// Whole files that are either there or not: written under another name in the same folder, brought
// to disk, then renamed. A reader never sees a half-written one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace meterproof::journal {

// Replaces what was there. Throws BenchError.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace meterproof::journal
