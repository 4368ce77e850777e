#include <algorithm>

#include "devices/registry.hpp"
#include "devices/scpi/message.hpp"
#include "devices/scpi/profile.hpp"
#include "devices/scpi/session.hpp"

namespace meterproof::devices {
namespace {

using harness::Deadline;

// The instrument must answer within this, however short the caller's own deadline for edges is.
constexpr std::chrono::seconds k_answer_patience{5};
constexpr std::chrono::milliseconds k_poll_period{5};

// A pulse counter that speaks SCPI as its profile says. Thread safe: all positions share it.
class ScpiCounter final : public PulseInput {
 public:
  ScpiCounter(const bench::Instrument& instrument, const DriverOptions& options)
      : profile_(scpi::load_profile(find_profile(instrument, options), "counter")),
        session_(instrument.name, instrument.link, profile_.terminator, profile_.errors,
                 options.transcript) {}

  std::vector<Edge> edges(int channel, std::uint64_t first, std::size_t count, Deadline deadline,
                          std::stop_token stop) override {
    std::vector<Edge> edges;
    while (true) {
      const std::size_t before = edges.size();
      const bool more = fetch(channel, edges.empty() ? first : edges.back().index + 1, edges, stop);
      if (more && edges.size() > before) continue;
      if (edges.size() >= count || deadline.passed()) return edges;
      harness::wait(std::min<harness::WallDuration>(k_poll_period, deadline.remaining()), stop);
    }
  }

  Position position(int channel, Deadline, std::stop_token stop) override {
    const std::string line =
        scpi::fill(profile_.position->query, {{"channel", std::to_string(channel)}});
    const std::string answer =
        session_.query(line, Deadline::after(k_answer_patience), std::move(stop));
    const auto fields = scpi::name_fields(profile_.position->fields, scpi::split_answer(answer));
    if (!fields) session_.fault("not a position: '" + answer + "'");
    return {static_cast<std::uint64_t>(integer(*fields, "index")), integer(*fields, "time_ns")};
  }

 private:
  long long integer(const std::map<std::string, std::string>& fields, const std::string& name) {
    const auto found = fields.find(name);
    if (found == fields.end()) return 0;
    const auto value = scpi::parse_integer(found->second);
    if (!value) session_.fault("'" + found->second + "' is no value of '" + name + "'");
    return *value;
  }

  // Appends one page of edges; true when the page was full, so that there may be more.
  bool fetch(int channel, std::uint64_t first, std::vector<Edge>& edges,
             const std::stop_token& stop) {
    const std::string line =
        scpi::fill(profile_.edges->query, {{"channel", std::to_string(channel)},
                                           {"first", std::to_string(first)},
                                           {"limit", std::to_string(profile_.edges_limit)}});
    const std::string answer =
        session_.query(line, Deadline::after(k_answer_patience), stop, false);
    const auto received = harness::WallClock::now();
    const auto values = scpi::split_answer(answer);
    const auto& names = profile_.edges->fields;
    const auto number = scpi::parse_integer(values.front());
    if (!number || values.size() != 1 + static_cast<std::size_t>(*number) * names.size())
      session_.fault("not a list of edges: '" + answer.substr(0, 80) + "'");
    for (std::size_t at = 1; at < values.size(); at += names.size()) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(at);
      const auto fields =
          *scpi::name_fields(names, {begin, begin + static_cast<std::ptrdiff_t>(names.size())});
      Edge edge;
      edge.index = static_cast<std::uint64_t>(integer(fields, "index"));
      edge.counter_ns = integer(fields, "time_ns");
      if (const auto latched = fields.find("count"); latched != fields.end()) {
        edge.reference_count = scpi::parse_number(latched->second);
        if (!edge.reference_count) session_.fault("'" + latched->second + "' is no count");
      }
      edge.received = received;
      if (edge.index < first || (!edges.empty() && edge.index <= edges.back().index))
        session_.fault("its edges are out of order");
      edges.push_back(edge);
    }
    return *number >= profile_.edges_limit;
  }

  scpi::Profile profile_;
  scpi::Session session_;
};

[[maybe_unused]] const bool k_scpi_counter_registered =
    PulseInputDrivers::instance().add("scpi", [](const auto& instrument, const auto& options) {
      return std::make_unique<ScpiCounter>(instrument, options);
    });

}  // namespace
}  // namespace meterproof::devices
