// Recorded protected requests are sent again: byte-identical, with older counters, in a new
// association, over another interface, as general-glo-ciphering. None may be executed twice.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

using cosem::Bytes;

struct ReplayBench {
  explicit ReplayBench(Context& context)
      : ctx(context), target(context, context.variant()), client(target.client_with("hls_gmac")) {}

  Context& ctx;
  Target target;
  std::string client;
  cosem::Data first = cosem::octet_string(cosem::to_bytes("first"));
  cosem::Data second = cosem::octet_string(cosem::to_bytes("second"));
  cosem::Data forged = cosem::octet_string(cosem::to_bytes("forged"));
  std::string executed;

  // After the first replay the meter owes us this; before it the control has shown that it works.
  cosem::Client fresh() { return target.login_again(client); }
  void write(cosem::Client& session, const cosem::Data& value) {
    const auto written = session.set(objects::writable(), value, target.deadline(), ctx.stop());
    ctx.require(written.has_value(), "legitimate_set", said(written));
  }
  // Reads the value in an association of its own and notes the form when it is not what the last
  // legitimate SET wrote.
  void judge(const std::string& form, const cosem::Data& wanted) {
    cosem::Client session = fresh();
    const auto value = session.get(objects::writable(), target.deadline(), ctx.stop());
    ctx.must_recover("reading_back", value.has_value(), said(value));
    if (*value != wanted) executed += (executed.empty() ? "" : "; ") + form;
    (void)session.close(target.deadline(), ctx.stop());
    ctx.exercised(form);
  }
};

void replayed_set(Context& ctx) {
  ReplayBench bench(ctx);
  bench.target.control_before(bench.client);

  ctx.step("recording a legitimate SET, then writing another value");
  Bytes recorded;
  {
    cosem::Client session = bench.fresh();
    session.interceptors().ciphered_out = [&](Bytes& apdu) { recorded = apdu; };
    bench.write(session, bench.first);
    session.interceptors().ciphered_out = {};
    bench.write(session, bench.second);

    ctx.step("byte-identical in the same association");
    (void)session.raw_exchange(recorded, bench.target.deadline(), ctx.stop());
  }
  bench.judge("byte-identical replay in the same association", bench.second);

  ctx.step("in a new association");
  {
    cosem::Client session = bench.fresh();
    (void)session.raw_exchange(recorded, bench.target.deadline(), ctx.stop());
  }
  bench.judge("replay in a new association", bench.second);

  for (const std::uint32_t back : {1u, 2u, 4u, 101u}) {
    ctx.step(fmt::format("a fresh SET under the counter {} behind the last", back));
    cosem::Client session = bench.fresh();
    bench.write(session, bench.second);
    session.interceptors().invocation_counter = [back](std::uint32_t& counter) {
      counter = counter > back ? counter - back : 0;
    };
    (void)session.set(objects::writable(), bench.forged, bench.target.deadline(), ctx.stop());
    session.interceptors().invocation_counter = {};
    bench.judge(fmt::format("counter {} behind the next", back), bench.second);
  }

  ctx.step("as general-glo-ciphering");
  if (const auto parsed = cosem::parse_ciphered(recorded)) {
    cosem::Client session = bench.fresh();
    const auto title = cosem::system_title_from(session.association().settings().system_title);
    if (title) {
      const Bytes general = cosem::encode_general_global(*title, parsed->protected_octets);
      (void)session.raw_exchange(general, bench.target.deadline(), ctx.stop());
      bench.judge("replay inside general-glo-ciphering", bench.second);
    } else {
      ctx.not_exercised("replay inside general-glo-ciphering", "the client has no system title");
    }
  }

  const std::string other = ctx.variant() == "tcp" ? "optical" : "tcp";
  if (ctx.position().interfaces.contains(other)) {
    ctx.step("over the other interface");
    Target elsewhere(ctx, other);
    cosem::Client session = elsewhere.login_again(bench.client);
    (void)session.raw_exchange(recorded, bench.target.deadline(), ctx.stop());
    (void)session.close(bench.target.deadline(), ctx.stop());
    bench.judge("replay over " + other, bench.second);
  } else {
    ctx.not_exercised("replay over the other interface", "the position has one interface only");
  }
  ctx.expect(
      bench.executed.empty(), "replay_refused",
      bench.executed.empty() ? "no replay changed the value" : "executed: " + bench.executed);
  bench.target.control_after(bench.client);
}

const harness::Registration k_sec_dlms_004{security_procedure(
    "SEC_DLMS_004",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = {{"tcp", "recorded over TCP", {"interface.tcp"}},
                    {"optical", "recorded over the optical port", {"interface.optical"}}};
      p.mutants = {{"MUT_DLMS_004", "replay_refused", {}}};
    },
    replayed_set)};

}  // namespace
}  // namespace meterproof::suites
