// One APDU of each alternative with random contents.
#pragma once

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/test_only/random_data.hpp"

namespace meterproof::cosem::test {

class RandomApdu {
 public:
  explicit RandomApdu(unsigned seed) : random_(seed) {}

  std::vector<Apdu> one_of_each() {
    return {GetRequestNormal{invoke(), attribute(), access()},
            GetRequestNext{invoke(), number()},
            GetRequestWithList{invoke(), {selected(), selected()}},
            GetResponseNormal{invoke(), random_.data()},
            GetResponseNormal{invoke(), DataAccessResult::object_undefined},
            GetResponseWithBlock{invoke(), true, number(), random_.octets(300)},
            GetResponseWithBlock{invoke(), false, number(), DataAccessResult::long_get_aborted},
            GetResponseWithList{invoke(), {random_.data(), DataAccessResult::other_reason}},
            SetRequestNormal{invoke(), attribute(), access(), random_.data()},
            SetRequestWithFirstBlock{invoke(), attribute(), access(), block()},
            SetRequestWithBlock{invoke(), block()},
            SetRequestWithList{invoke(), {selected()}, {random_.data()}},
            SetRequestWithListAndFirstBlock{invoke(), {selected()}, block()},
            SetResponseNormal{invoke(), DataAccessResult::type_unmatched},
            SetResponseBlock{invoke(), number()},
            SetResponseLastBlock{invoke(), DataAccessResult::success, number()},
            SetResponseLastBlockWithList{invoke(), {DataAccessResult::success}, number()},
            SetResponseWithList{invoke(), {DataAccessResult::success}},
            ActionRequestNormal{invoke(), method(), random_.data()},
            ActionRequestNormal{invoke(), method(), {}},
            ActionRequestNextPblock{invoke(), number()},
            ActionRequestWithList{invoke(), {method()}, {random_.data()}},
            ActionRequestWithFirstPblock{invoke(), method(), block()},
            ActionRequestWithListAndFirstPblock{invoke(), {method()}, block()},
            ActionRequestWithPblock{invoke(), block()},
            ActionResponseNormal{invoke(), outcome()},
            ActionResponseNormal{invoke(), {ActionResult::read_write_denied, {}}},
            ActionResponseWithPblock{invoke(), block()},
            ActionResponseWithList{invoke(), {outcome(), outcome()}},
            ActionResponseNextPblock{invoke(), number()},
            DataNotification{number(), random_.date_time(), random_.data()},
            DataNotification{number(), {}, random_.data()},
            DataNotificationConfirm{number(), random_.date_time()},
            DataNotificationConfirm{number(), {}},
            EventNotification{random_.date_time(), attribute(), random_.data()},
            ExceptionResponse{1, 2, {}},
            ExceptionResponse{1, 6, number()},
            ConfirmedServiceError{1, 6, 1}};
  }

 private:
  std::uint8_t invoke() { return static_cast<std::uint8_t>(random_.bits()); }
  std::uint32_t number() { return static_cast<std::uint32_t>(random_.bits()); }
  AttributeDescriptor attribute() {
    return {static_cast<std::uint16_t>(random_.bits()), random_.name(),
            static_cast<std::int8_t>(random_.bits())};
  }
  MethodDescriptor method() {
    return {15, random_.name(), static_cast<std::int8_t>(random_.bits())};
  }
  std::optional<SelectiveAccess> access() {
    if (random_.bits() % 2 == 0) return std::nullopt;
    return SelectiveAccess{2, random_.data()};
  }
  SelectedAttribute selected() { return {attribute(), access()}; }
  DataBlock block() { return {random_.bits() % 2 == 0, number(), random_.octets(300)}; }
  ActionOutcome outcome() { return {ActionResult::success, random_.data()}; }

  RandomData random_;
};

}  // namespace meterproof::cosem::test
