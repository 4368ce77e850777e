#include "devices/simulated/meter/image_transfer.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/nonvolatile_octets.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionOutcome;
using cosem::ActionResult;
using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;
using cosem::DataAccessResult;

constexpr const char* k_status_key = "image.status";
constexpr const char* k_enabled_key = "image.enabled";
constexpr const char* k_image_key = "image.octets";
constexpr const char* k_have_key = "image.have";
constexpr const char* k_identification_key = "image.identification";
constexpr const char* k_firmware_key = "image.firmware";
constexpr std::size_t k_longest_identification = 32;

Bytes image_mark() { return cosem::to_bytes("MPVI"); }

Bytes sha_256(BytesView octets) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// image_verify and image_activate take integer(0).
bool is_integer_zero(const std::optional<Data>& parameters) {
  const auto* value = parameters ? parameters->as<std::int8_t>() : nullptr;
  return value != nullptr && *value == 0;
}

// The two parts of the structures that the first two methods take.
const std::vector<Data>* two_parts(const std::optional<Data>& parameters) {
  if (!parameters || parameters->as<cosem::Structure>() == nullptr) return nullptr;
  const auto* parts = parameters->elements();
  return parts->size() == 2 ? parts : nullptr;
}

}  // namespace

ImageTransfer::ImageTransfer(Nonvolatile& memory, std::string factory_firmware,
                             bool takes_any_image)
    : memory_(memory),
      factory_firmware_(std::move(factory_firmware)),
      takes_any_image_(takes_any_image),
      image_(stored_octets(memory, k_image_key)),
      identification_(stored_octets(memory, k_identification_key)) {
  const Bytes have = stored_octets(memory, k_have_key);
  for (std::size_t i = 0; i < blocks(); ++i)
    have_.push_back(i < have.size() && have[i] != std::byte{0});
}

Bytes ImageTransfer::genuine(BytesView contents) {
  Bytes image = image_mark();
  cosem::append(image, contents);
  cosem::append(image, sha_256(image));
  return image;
}

std::string ImageTransfer::firmware() const {
  const Bytes activated = stored_octets(memory_, k_firmware_key);
  if (activated.empty()) return factory_firmware_;
  return {reinterpret_cast<const char*>(activated.data()), activated.size()};
}

ImageStatus ImageTransfer::status() const {
  return static_cast<ImageStatus>(memory_.get(k_status_key));
}
void ImageTransfer::set_status(ImageStatus status) {
  memory_.set(k_status_key, static_cast<std::uint64_t>(status));
}
bool ImageTransfer::enabled() const { return memory_.get(k_enabled_key, 1) != 0; }
std::size_t ImageTransfer::size() const { return image_.size(); }

std::size_t ImageTransfer::first_missing() const {
  return static_cast<std::size_t>(std::find(have_.begin(), have_.end(), false) - have_.begin());
}

bool ImageTransfer::is_genuine() const {
  if (takes_any_image_) return true;
  const Bytes mark = image_mark();
  if (size() < mark.size() + SHA256_DIGEST_LENGTH) return false;
  const BytesView signed_part = BytesView(image_).first(size() - SHA256_DIGEST_LENGTH);
  const Bytes digest = sha_256(signed_part);
  return std::equal(mark.begin(), mark.end(), image_.begin()) &&
         std::equal(digest.begin(), digest.end(), image_.end() - SHA256_DIGEST_LENGTH);
}

ActionResult ImageTransfer::initiate(const Parameters& parameters) {
  if (!enabled()) return ActionResult::temporary_failure;
  const auto* parts = two_parts(parameters);
  const auto identifier = parts ? (*parts)[0].octets() : std::nullopt;
  const auto* image_size = parts ? (*parts)[1].as<std::uint32_t>() : nullptr;
  if (!identifier || image_size == nullptr) return ActionResult::type_unmatched;
  if (*image_size == 0 || *image_size > k_longest_image || identifier->empty() ||
      identifier->size() > k_longest_identification)
    return ActionResult::other_reason;
  image_.assign(*image_size, std::byte{0});
  have_.assign(blocks(), false);
  identification_.assign(identifier->begin(), identifier->end());
  store_octets(memory_, k_image_key, image_);
  store_octets(memory_, k_have_key, Bytes(have_.size()));
  store_octets(memory_, k_identification_key, identification_);
  set_status(ImageStatus::initiated);
  return ActionResult::success;
}

ActionResult ImageTransfer::take_block(const Parameters& parameters) {
  if (!enabled()) return ActionResult::temporary_failure;
  const auto* parts = two_parts(parameters);
  const auto* number = parts ? (*parts)[0].as<std::uint32_t>() : nullptr;
  const auto value = parts ? (*parts)[1].octets() : std::nullopt;
  if (number == nullptr || !value) return ActionResult::type_unmatched;
  // What failed verification may be completed or sent anew.
  if (status() != ImageStatus::initiated && status() != ImageStatus::verification_failed)
    return ActionResult::other_reason;
  if (*number >= blocks()) return ActionResult::other_reason;
  const std::size_t from = *number * k_block_octets;
  if (value->size() != std::min(k_block_octets, size() - from)) return ActionResult::other_reason;
  std::copy(value->begin(), value->end(), image_.begin() + static_cast<std::ptrdiff_t>(from));
  have_[*number] = true;
  Bytes have;
  for (const bool one : have_) have.push_back(one ? std::byte{1} : std::byte{0});
  store_octets(memory_, k_image_key, image_);
  store_octets(memory_, k_have_key, have);
  set_status(ImageStatus::initiated);
  return ActionResult::success;
}

ActionResult ImageTransfer::verify(const Parameters& parameters) {
  if (!is_integer_zero(parameters)) return ActionResult::type_unmatched;
  if (!enabled()) return ActionResult::temporary_failure;
  if (status() == ImageStatus::not_initiated || status() == ImageStatus::activation_successful)
    return ActionResult::other_reason;
  const bool good = first_missing() == blocks() && is_genuine();
  set_status(good ? ImageStatus::verification_successful : ImageStatus::verification_failed);
  return good ? ActionResult::success : ActionResult::other_reason;
}

ActionResult ImageTransfer::activate(const Parameters& parameters) {
  if (!is_integer_zero(parameters)) return ActionResult::type_unmatched;
  if (!enabled()) return ActionResult::temporary_failure;
  if (status() != ImageStatus::verification_successful) return ActionResult::other_reason;
  store_octets(memory_, k_firmware_key, identification_);
  set_status(ImageStatus::activation_successful);
  return ActionResult::success;
}

Data ImageTransfer::blocks_status() const {
  cosem::BitString bits{have_.size(), Bytes((have_.size() + 7) / 8)};
  for (std::size_t i = 0; i < have_.size(); ++i) {
    if (have_[i]) bits.octets[i / 8] |= std::byte{0x80} >> (i % 8);
  }
  return Data(std::move(bits));
}

Data ImageTransfer::to_activate() const {
  if (status() != ImageStatus::verification_successful) return cosem::array({});
  return cosem::array(
      {cosem::structure({Data(static_cast<std::uint32_t>(size())),
                         cosem::octet_string(identification_), cosem::octet_string(Bytes{})})});
}

Object ImageTransfer::object() {
  const auto method = [this](std::int8_t id,
                             ActionResult (ImageTransfer::*run)(const Parameters&)) {
    return Method{id, [this, run](const Parameters& parameters, Notifications&) {
                    return ActionOutcome{(this->*run)(parameters), {}};
                  }};
  };
  Attribute enabled_attribute = readable(5, [this] { return Data(enabled()); });
  enabled_attribute.set = [this](const Data& wanted) {
    const bool* value = wanted.as<bool>();
    if (value == nullptr) return DataAccessResult::type_unmatched;
    memory_.set(k_enabled_key, *value ? 1 : 0);
    return DataAccessResult::success;
  };
  return {k_class_image_transfer,
          0,
          {{0, 0, 44, 0, 0, 255}},
          {constant(2, Data(static_cast<std::uint32_t>(k_block_octets))),
           readable(3, [this] { return blocks_status(); }),
           readable(4, [this] { return Data(static_cast<std::uint32_t>(first_missing())); }),
           std::move(enabled_attribute),
           readable(6, [this] { return Data(cosem::Enum{static_cast<std::uint8_t>(status())}); }),
           readable(7, [this] { return to_activate(); })},
          {method(1, &ImageTransfer::initiate), method(2, &ImageTransfer::take_block),
           method(3, &ImageTransfer::verify), method(4, &ImageTransfer::activate)},
          false};
}

}  // namespace meterproof::simulated
