// ACCESS: a list of GETs, SETs and ACTIONs in one request. Each has its own result, one that fails
// does not hurt the others unless the client says so, and what does not parse does nothing.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_014 {
namespace {

namespace a = answer;
using cosem::AccessAction;
using cosem::AccessGet;
using cosem::AccessRequest;
using cosem::AccessResponse;
using cosem::AccessSet;
using cosem::Bytes;
using cosem::Data;

constexpr const char* k_clause = "9.4.6";
constexpr std::uint32_t k_id = 0x00ABCD;
constexpr std::size_t k_many = 40;

Data note(const char* text) { return cosem::octet_string(cosem::to_bytes(text)); }
AccessGet get_of(const cosem::AttributeDescriptor& what) { return {{what, {}}}; }
AccessSet set_note() { return {{objects::writable(), {}}}; }
cosem::AttributeDescriptor nowhere() { return {1, {{1, 2, 3, 4, 5, 6}}, 2}; }

AccessRequest request_of(std::vector<cosem::AccessSpecification> what, std::vector<Data> values,
                         std::uint32_t flags = 0) {
  return {cosem::long_invoke::k_confirmed | flags | k_id, {}, std::move(what), std::move(values)};
}

// Inside an association with ACCESS; false: not granted, or there is nothing to write, and the case
// is skipped. The note is put back at the end.
class AccessCase {
 public:
  explicit AccessCase(ApplProbe& probe) : probe_(probe) {
    probe.associate([](cosem::ClientSettings& settings) {
      settings.initiate.conformance |= cosem::conformance::k_access;
    });
    const auto& negotiated = probe.session().association().negotiated();
    const bool granted =
        negotiated && (negotiated->conformance & cosem::conformance::k_access) != 0;
    if (!granted) {
      ctx().skip("the meter does not grant ACCESS");
      return;
    }
    before_ = value();
    if (!before_) ctx().skip("the meter has no note (0-0:96.50.0.255) to write");
  }
  ~AccessCase() {
    if (!before_) return;
    (void)probe_.session().set(objects::writable(), *before_, probe_.target().deadline(),
                               probe_.target().stop());
  }
  AccessCase(const AccessCase&) = delete;
  AccessCase& operator=(const AccessCase&) = delete;

  explicit operator bool() const { return before_.has_value(); }
  Context& ctx() const { return probe_.target().context(); }
  std::optional<Bytes> send(const Bytes& octets, bool patient = true) {
    return probe_.send(octets, patient);
  }
  // An answer that must be one, under the request's id and with a result for each item.
  std::optional<AccessResponse> ask(const AccessRequest& request) {
    const auto came = send(cosem::encode_access(request));
    auto response = came ? cosem::decode_access_response(*came)
                         : cosem::Result<AccessResponse>(cosem::CosemError::truncated);
    if (!ctx().expect(response.has_value(), "answered",
                      came ? cosem::to_hex(*came).substr(0, 80) : "silence"))
      return std::nullopt;
    const auto id = response->long_invoke_id & cosem::long_invoke::k_id;
    ctx().expect(id == k_id, "same_invoke_id", fmt::format("{:06X}", id));
    const std::size_t wanted = request.specifications.size();
    const bool complete = response->results.size() == wanted && response->values.size() == wanted;
    ctx().expect(complete, "a_result_each",
                 fmt::format("{} results and {} values for {}", response->results.size(),
                             response->values.size(), wanted));
    if (!complete) return std::nullopt;
    return std::move(*response);
  }
  // Whether push, the method to call, works by itself.
  bool may_push() {
    const auto came = send(cosem::encode_apdu(
        cosem::ActionRequestNormal{.method = objects::push(), .parameters = Data(std::int8_t{0})}));
    return answer_kind(came) == a::k_success;
  }
  std::optional<Data> value() {
    auto got = probe_.session().get(objects::writable(), probe_.target().deadline(),
                                    probe_.target().stop());
    if (!got) return std::nullopt;
    return std::move(*got);
  }
  void expect_note(const std::optional<Data>& wanted, std::string_view name) {
    const auto now = value();
    ctx().expect(now == wanted, name,
                 now ? cosem::to_hex(cosem::encode_data(*now)).substr(0, 80) : "not readable");
  }
  void expect_unchanged(std::string_view name) { expect_note(before_, name); }
  void expect_nothing_written() { expect_unchanged("nothing_written"); }
  void expect_refused(const std::optional<Bytes>& came, std::string_view name) {
    ctx().expect((answer_kind(came) & a::k_any_refusal) != 0, name,
                 came ? cosem::to_hex(*came).substr(0, 80) : "silence");
  }

 private:
  ApplProbe& probe_;
  std::optional<Data> before_;
};

std::string results_of(const AccessResponse& response) {
  std::string text;
  for (const auto& result : response.results) text += std::to_string(result.result) + " ";
  return text;
}

void mixed(AccessCase& access) {
  AccessRequest request =
      request_of({get_of(objects::clock()), set_note(), get_of(objects::writable())},
                 {{}, note("access"), {}});
  if (access.may_push()) {
    request.specifications.push_back(AccessAction{objects::push()});
    request.values.emplace_back(std::int8_t{0});
  } else {
    access.ctx().not_exercised("ACTION in the list", "push does not work by itself");
  }
  const auto got = access.ask(request);
  if (!got) return;
  bool all = true, kinds = true;
  for (std::size_t i = 0; i < got->results.size(); ++i) {
    all = all && got->results[i].result == 0;
    kinds = kinds &&
            static_cast<std::size_t>(got->results[i].kind) == request.specifications[i].index() + 1;
  }
  access.ctx().expect(all, "all_succeed", results_of(*got));
  access.ctx().expect(kinds, "kinds_as_asked");
  access.ctx().expect(got->values[0].date_time().has_value(), "clock_in_its_place");
  access.ctx().expect(got->values[2] == note("access"), "in_order",
                      cosem::to_hex(cosem::encode_data(got->values[2])));
  access.expect_note(note("access"), "reads_as_written");
}

// One in the middle fails.
AccessRequest with_failure(std::uint32_t flags) {
  return request_of({get_of(objects::clock()), get_of(nowhere()), set_note()},
                    {{}, {}, note("behind")}, flags);
}

void failing_item(AccessCase& access) {
  const auto got = access.ask(with_failure(0));
  if (!got) return;
  access.ctx().expect(got->results[0].result == 0 && got->results[1].result != 0,
                      "fails_for_itself", results_of(*got));
  access.ctx().expect(got->results[2].result == 0, "others_are_done", results_of(*got));
  access.expect_note(note("behind"), "reads_as_written");
}

void break_on_error(AccessCase& access) {
  const auto got = access.ask(with_failure(cosem::long_invoke::k_break_on_error));
  access.expect_unchanged("nothing_after_the_error");
  if (got) access.ctx().expect(got->results[2].result != 0, "says_so", results_of(*got));
}

void self_descriptive(AccessCase& access) {
  const AccessRequest request =
      request_of({get_of(objects::clock())}, {{}}, cosem::long_invoke::k_self_descriptive);
  const auto got = access.ask(request);
  if (!got) return;
  access.ctx().expect(got->specifications == request.specifications, "specifications_repeated");
}

void unconfirmed(AccessCase& access) {
  AccessRequest request = request_of({get_of(objects::clock())}, {{}});
  request.long_invoke_id = k_id;
  const auto came = access.send(cosem::encode_access(request), false);
  access.ctx().expect(answer_kind(came) == a::k_silence, "no_answer",
                      came ? cosem::to_hex(*came).substr(0, 80) : "silence");
}

// Nothing asked: an empty answer or a refusal.
void empty_list(AccessCase& access) {
  const auto came = access.send(cosem::encode_access(request_of({}, {})));
  const auto response = came ? cosem::decode_access_response(*came)
                             : cosem::Result<AccessResponse>(cosem::CosemError::truncated);
  access.ctx().expect(
      (response && response->results.empty()) || (answer_kind(came) & a::k_any_refusal) != 0,
      "empty_or_refused", came ? cosem::to_hex(*came).substr(0, 80) : "silence");
}

void counts_differ(AccessCase& access) {
  const auto came =
      access.send(cosem::encode_access(request_of({set_note(), set_note()}, {note("forged")})));
  access.expect_refused(came, "counts_differ_refused");
  access.expect_nothing_written();
}

void trailing(AccessCase& access) {
  Bytes octets = cosem::encode_access(request_of({set_note()}, {note("forged")}));
  octets.push_back(std::byte{0});
  access.expect_refused(access.send(octets), "trailing_refused");
  access.expect_nothing_written();
}

void unknown_kind(AccessCase& access) {
  Bytes octets = cosem::encode_access(request_of({set_note()}, {note("forged")}));
  constexpr std::size_t k_first_choice = 7;  // tag, id, no date-time, one specification
  octets[k_first_choice] = std::byte{77};
  access.expect_refused(access.send(octets), "unknown_kind_refused");
  access.expect_nothing_written();
}

// A value of structures in structures, a hundred deep.
void nested(AccessCase& access) {
  Bytes octets = cosem::encode_access(request_of({set_note()}, {Data{}}));
  octets.pop_back();  // null-data, the last octet
  for (int depth = 0; depth < 100; ++depth) {
    octets.push_back(std::byte{2});
    octets.push_back(std::byte{1});
  }
  octets.push_back(std::byte{0});
  const auto came = access.send(octets);
  const auto response = came ? cosem::decode_access_response(*came)
                             : cosem::Result<AccessResponse>(cosem::CosemError::truncated);
  const bool denied = response && response->results.size() == 1 && response->results[0].result != 0;
  access.ctx().expect(denied || (answer_kind(came) & a::k_any_refusal) != 0, "depth_refused",
                      came ? cosem::to_hex(*came).substr(0, 80) : "silence");
  access.expect_nothing_written();
}

// Served or refused as a whole.
void many(AccessCase& access) {
  std::vector<cosem::AccessSpecification> what(k_many, get_of(objects::clock()));
  const auto came =
      access.send(cosem::encode_access(request_of(std::move(what), std::vector<Data>(k_many))));
  const auto response = came ? cosem::decode_access_response(*came)
                             : cosem::Result<AccessResponse>(cosem::CosemError::truncated);
  access.ctx().expect((response && response->results.size() == k_many) ||
                          (answer_kind(came) & a::k_any_refusal) != 0,
                      "whole_or_refused",
                      came ? fmt::format("{} octets", came->size()) : "silence");
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, void (*judge)(AccessCase&)) {
    return ApplCheck{std::move(name),
                     std::move(title),
                     k_clause,
                     Before::associated,
                     {},
                     0,
                     {},
                     [judge](ApplProbe& probe) {
                       AccessCase access(probe);
                       if (access) judge(access);
                     }};
  };
  return {line("mixed", "GET, SET, GET of the same, ACTION", mixed),
          line("failing_item", "one of three fails", failing_item),
          line("break_on_error", "one of three fails, and the client wants to stop there",
               break_on_error),
          line("self_descriptive", "the answer repeats the specifications", self_descriptive),
          line("unconfirmed", "no answer is asked for", unconfirmed),
          line("empty_list", "nothing is asked", empty_list),
          line("counts_differ", "two items, one value", counts_differ),
          line("trailing", "an octet too much", trailing),
          line("unknown_kind", "an item that is no GET, SET or ACTION", unknown_kind),
          line("nested", "a value a hundred structures deep", nested),
          line("many", "forty items", many)};
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_014",
     .title = "Application layer: ACCESS",
     .objective = "each item of the list has its own result, an error stops the rest exactly when "
                  "asked, and what does not parse does nothing",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_ACCESS", "nothing_after_the_error", {"break_on_error"}}}},
    "hls_gmac", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_014
