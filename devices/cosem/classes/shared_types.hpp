// Types that many interface classes share, by the name that stands after $ in a type's text.
#pragma once

#include <span>
#include <string_view>

namespace meterproof::cosem::classes {

struct SharedType {
  std::string_view name;
  std::string_view text;
};

std::span<const SharedType> shared_types();

}  // namespace meterproof::cosem::classes
