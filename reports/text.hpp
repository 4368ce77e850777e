// Text of a hostile origin made fit to be shown: control characters, bytes that are no UTF-8 and
// characters that XML 1.0 forbids or that turn the reading direction round (they could make a
// report read backwards) become the visible \xNN. Nothing is dropped silently.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meterproof::reports {

// Keeps tab and line feed.
std::string printable(std::string_view text);
// One line: tab and line feed are escaped as well.
std::string printable_line(std::string_view text);
// printable(), then & < > " ' as entities, good for XML and HTML, text and attribute values.
std::string escaped(std::string_view text);
// For XML attribute values: tab and line feed as character references, which readers then keep.
std::string escaped_attribute(std::string_view text);
// At most so many bytes, cut between characters, "..." at the end when something was cut.
std::string shortened(std::string_view text, std::size_t bytes);
// Columns on a terminal, every character counted as one.
std::size_t columns(std::string_view text);

}  // namespace meterproof::reports
