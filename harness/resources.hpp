// Resources: what a procedure may use, looked up by type, so that the harness need not know what a
// meter is.
#pragma once

#include <memory>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::harness {

class Resources {
 public:
  template <class T>
  void put(std::shared_ptr<T> resource) {
    items_[typeid(T)] = std::move(resource);
  }

  template <class T>
  T* find() const {
    const auto found = items_.find(typeid(T));
    return found == items_.end() ? nullptr : static_cast<T*>(found->second.get());
  }

  // Throws InternalError when there is none: a procedure must declare what it needs.
  template <class T>
  T& get() const {
    if (T* found = find<T>()) return *found;
    throw InternalError(std::string("no resource of type ") + typeid(T).name() +
                        " at this position");
  }

 private:
  std::unordered_map<std::type_index, std::shared_ptr<void>> items_;
};

}  // namespace meterproof::harness
