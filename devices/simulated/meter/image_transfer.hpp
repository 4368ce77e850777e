// ImageTransfer: the Image transfer object (class 18 version 0, IEC 62056-6-2) of a meter whose
// firmware fits into 4 KiB. What was transferred, and how far, survives a power cut.
//
// An image is genuine when it ends with the SHA-256 of what stands before it, after the four octets
// "MPVI". That shows that it is whole and made for this meter; a maker's signature, which would
// show who made it, is not simulated. An image that does not verify is never activated.
#pragma once

#include <string>

#include "devices/simulated/meter/nonvolatile.hpp"
#include "devices/simulated/meter/object_model.hpp"

namespace meterproof::simulated {

enum class ImageStatus : std::uint8_t {
  not_initiated = 0,
  initiated = 1,
  verification_successful = 3,
  verification_failed = 4,
  activation_successful = 6,
  activation_failed = 7,
};

class ImageTransfer {
 public:
  static constexpr std::size_t k_block_octets = 64;
  static constexpr std::size_t k_longest_image = 4096;

  // memory outlives it. takes_any_image: verification finds everything genuine (CONF_OBJ_IMAGE).
  ImageTransfer(Nonvolatile& memory, std::string factory_firmware, bool takes_any_image);
  ImageTransfer(const ImageTransfer&) = delete;
  ImageTransfer& operator=(const ImageTransfer&) = delete;

  Object object();
  // Identifier of the firmware in use: the factory's until an image was activated.
  std::string firmware() const;
  // contents with what makes them genuine, at most k_longest_image octets in all.
  static cosem::Bytes genuine(cosem::BytesView contents);

 private:
  using Parameters = std::optional<cosem::Data>;
  cosem::ActionResult initiate(const Parameters& parameters);
  cosem::ActionResult take_block(const Parameters& parameters);
  cosem::ActionResult verify(const Parameters& parameters);
  cosem::ActionResult activate(const Parameters& parameters);

  ImageStatus status() const;
  void set_status(ImageStatus status);
  bool enabled() const;
  std::size_t size() const;
  std::size_t blocks() const { return (size() + k_block_octets - 1) / k_block_octets; }
  std::size_t first_missing() const;
  bool is_genuine() const;
  cosem::Data blocks_status() const;
  cosem::Data to_activate() const;

  Nonvolatile& memory_;
  std::string factory_firmware_;
  bool takes_any_image_;
  cosem::Bytes image_;           // of size()
  std::vector<bool> have_;       // one a block
  cosem::Bytes identification_;  // as the client named it
};

}  // namespace meterproof::simulated
