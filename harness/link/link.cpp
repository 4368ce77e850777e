#include "harness/link/link.hpp"

#include "harness/link/back_ends.hpp"
#include "harness/link/link_url.hpp"

namespace meterproof::link {
namespace {

class LinkCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "link"; }
  std::string message(int value) const override {
    switch (static_cast<LinkError>(value)) {
      case LinkError::timeout:
        return "no answer in time";
      case LinkError::cancelled:
        return "cancelled";
      case LinkError::closed_by_peer:
        return "closed by peer";
      case LinkError::reset_by_peer:
        return "reset by peer";
      case LinkError::refused:
        return "connection refused";
      case LinkError::unplugged:
        return "port or its other end is gone";
      case LinkError::not_supported:
        return "not supported by this link";
      case LinkError::io:
        return "transfer failed";
    }
    return "unknown link error";
  }
};

Result<std::unique_ptr<Link>> open_line(const std::string& name, const LinkUrl& url,
                                        const OpenOptions& options) {
  const bool pty = url.scheme == Scheme::pty;
  auto opened = pty ? open_pty(name, url, options) : open_serial(name, url, options);
  if (!opened) return opened.error();
  std::unique_ptr<Link> line = std::move(*opened);
  if (url.echo) line = with_echo_suppressed(std::move(line));
  if (pty) line = with_software_parity(std::move(line), url.settings);
  if (url.turnaround.count() > 0) line = with_turnaround(std::move(line), url.turnaround);
  return line;
}

}  // namespace

const boost::system::error_category& link_category() {
  static const LinkCategory category;
  return category;
}

Result<void> Link::configure(const SerialSettings&) { return LinkError::not_supported; }

Result<std::unique_ptr<Link>> open(const std::string& url, const OpenOptions& options) {
  const LinkUrl parsed = parse_link_url(url);
  const std::string name = url.substr(0, url.find('?'));
  switch (parsed.scheme) {
    case Scheme::tcp:
      return open_tcp(name, parsed, options);
    case Scheme::udp:
      return open_udp(name, parsed, options);
    case Scheme::pty:
    case Scheme::serial:
      break;
  }
  return open_line(name, parsed, options);
}

}  // namespace meterproof::link
