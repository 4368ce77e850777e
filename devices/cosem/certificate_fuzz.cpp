// Certificates and certificate requests: any octets give a value or an error.
#include "devices/cosem/certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const BytesView input = std::as_bytes(std::span(data, size));
  (void)read_certificate_request(input);
  const auto certificate = Certificate::from_der(input);
  if (!certificate) return 0;
  (void)certificate->system_title();
  (void)certificate->is_authority();
  (void)check_certificate(*certificate, *certificate, SecuritySuite::suite_1,
                          CertificateUse::digital_signature, SystemTitle{}, {});
  return 0;
}
