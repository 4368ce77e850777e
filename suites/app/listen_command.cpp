
#include <cstdio>

#include "devices/push/listener.hpp"
#include "devices/push/notification.hpp"
#include "harness/bench/secrets.hpp"
#include "harness/bench/small_file.hpp"
#include "harness/errors.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

constexpr std::size_t k_largest_key_file = 4096;

// Never quotes what the file holds.
push::Bytes key_from(const std::string& path) {
  if (path.empty()) return {};
  const auto file = bench::read_small_file(path, k_largest_key_file);
  if (!file.content) {
    throw harness::ConfigError(harness::Diagnostic{path, 0, "key file: " + file.problem});
  }
  auto octets = bench::parse_hex(*file.content);
  constexpr std::size_t k_key_octets = 16, k_suite_2_key_octets = 32;
  if (!octets || (octets->size() != k_key_octets && octets->size() != k_suite_2_key_octets)) {
    throw harness::ConfigError(harness::Diagnostic{
        path, 0, "key file: expected 16 octets, or 32 in suite 2, as hexadecimal digits"});
  }
  return *std::move(octets);
}

push::Framing framing_of(const std::string& name) {
  if (name == "hdlc") return push::Framing::hdlc;
  if (name == "wrapper") return push::Framing::wrapper;
  if (name == "mbus") return push::Framing::mbus;
  return push::Framing::automatic;
}

}  // namespace

int listen_command(const ListenCommand& command) {
  const push::PushKeys keys{key_from(command.key_file), key_from(command.authentication_key_file)};
  auto listener = push::PushListener::open(command.url, framing_of(command.framing));
  if (!listener) {
    std::fprintf(stderr, "%s: %s\n", command.url.c_str(), listener.error().message().c_str());
    return 3;
  }
  std::fprintf(stderr, "listening at %s\n", listener->url().c_str());
  const auto deadline =
      command.seconds > 0
          ? harness::Deadline::after(std::chrono::duration_cast<harness::WallDuration>(
                std::chrono::duration<double>(command.seconds)))
          : harness::Deadline::never();
  bool understood_all = true;
  for (int heard = 0; command.count == 0 || heard < command.count; ++heard) {
    const auto telegram = listener->next(deadline, {});
    if (!telegram) {
      if (telegram.error() == link::LinkError::timeout && command.count == 0) break;
      std::fprintf(stderr, "%s\n", telegram.error().message().c_str());
      return 3;
    }
    const auto push = push::open_push(telegram->apdu, keys);
    if (push) {
      std::fputs(push::describe(*telegram, *push).c_str(), stdout);
    } else {
      understood_all = false;
      std::printf("telegram of %zu octets from %s: %s\n", telegram->apdu.size(),
                  telegram->from.c_str(), push.error().message().c_str());
    }
    std::fflush(stdout);
  }
  return understood_all ? 0 : 1;
}

}  // namespace meterproof::suites
