// The inactivity time-out of a connection: a client that says nothing for so long is disconnected,
// one that says anything in time is not.
//
// Where the meter has an IEC HDLC setup (class 23) that may be written, the time is made short for
// the check and put back; else the declared time is waited for, if the tier allows that long.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"
#include "suites/conformance/liveness.hpp"

namespace meterproof::suites::conf_hdlc_009 {
namespace {

using cosem::Data;
using harness::WallClock;
using harness::WallDuration;
using std::chrono::seconds;

constexpr cosem::AttributeDescriptor k_time_out{23, {{0, 0, 22, 0, 0, 255}}, 8};
constexpr seconds k_short{1};

double in_seconds(WallDuration span) { return std::chrono::duration<double>(span).count(); }

// The time-out of the meter, short while this lives.
class ShortTimeOut {
 public:
  explicit ShortTimeOut(Context& ctx)
      : home_(ctx, dynamic_cast<devices::DlmsMeter&>(ctx.meter()).home_interface()),
        client_(home_.client_with("hls_gmac")) {
    if (client_.empty()) return;
    auto session = home_.login(client_);
    if (!session) return;
    auto value = session->get(k_time_out, home_.deadline(), home_.stop());
    if (value && set(*session, Data(static_cast<std::uint16_t>(k_short.count()))))
      before_ = std::move(*value);
    (void)session->close(home_.deadline(), home_.stop());
  }
  ~ShortTimeOut() {
    if (before_ && !put_back_) (void)put_back();
  }
  ShortTimeOut(const ShortTimeOut&) = delete;
  ShortTimeOut& operator=(const ShortTimeOut&) = delete;

  bool is_short() const { return before_.has_value(); }
  bool put_back() {
    put_back_ = true;
    auto session = home_.login(client_);
    const bool done = session && set(*session, *before_);
    if (session) (void)session->close(home_.deadline(), home_.stop());
    return done;
  }

 private:
  bool set(cosem::Client& session, const Data& value) {
    return session.set(k_time_out, value, home_.deadline(), home_.stop()).has_value();
  }
  Target home_;
  std::string client_;
  std::optional<Data> before_;
  bool put_back_ = false;
};

void stays_while_it_speaks(Context& ctx, HdlcProbe& probe, WallDuration time_out) {
  ctx.step("RR before the time is over, twice");
  auto spoken = WallClock::now();
  for (int turn = 0; turn < 2; ++turn) {
    ctx.wait(time_out * 55 / 100);
    const bool connected = probe.connected();
    if (!connected && WallClock::now() - spoken > time_out * 9 / 10)
      return ctx.not_exercised("an RR in time", "the bench came too late");
    if (!ctx.expect(connected, "connected_while_it_speaks",
                    fmt::format("RR after {:.2f} s", in_seconds(WallClock::now() - spoken))))
      return;
    spoken = WallClock::now();
  }
}

void time_out(Context& ctx) {
  Target target(ctx, "optical");
  const std::string client = target.client_with("none");
  ShortTimeOut shortened(ctx);
  const WallDuration declared = target.type().inactivity_timeout;
  const WallDuration span = shortened.is_short() ? WallDuration(k_short) : declared;
  const WallDuration longest =
      ctx.by_tier<WallDuration>(seconds(5), std::chrono::minutes(5), std::chrono::hours(1));
  if (span.count() <= 0 || span > longest) {
    ctx.skip(
        fmt::format("the time-out of {:.0f} s cannot be made shorter and is too long for "
                    "this tier",
                    in_seconds(span)));
    return;
  }
  ctx.property("clause", "IEC 62056-46:2007, 6.4.4");
  ctx.property("inactivity_time_out", fmt::format("{:.1f} s", in_seconds(span)));
  LifeControl life(target, client);
  {
    HdlcProbe probe(target, client);
    ctx.control_before("connects", probe.connect(), "SNRM answered by UA");
    stays_while_it_speaks(ctx, probe, span);
    if (!probe.connected()) ctx.control_before("connects_again", probe.connect());
    ctx.step("silence");
    ctx.wait(span + std::max<WallDuration>(span / 5, std::chrono::milliseconds(200)));
    ctx.expect(!probe.connected(), "disconnected_by_silence",
               fmt::format("RR after {:.1f} s", in_seconds(span) * 1.2));
    (void)probe.send(probe.unnumbered(hdlc::FrameKind::disconnect), false);
  }
  if (shortened.is_short()) ctx.expect(shortened.put_back(), "time_out_put_back");
  ctx.exercised(shortened.is_short() ? "a time-out of one second, set for the check"
                                     : "the declared time-out");
  life.after("silence");
}

harness::Procedure inactivity() {
  harness::Procedure declared{
      .id = "CONF_HDLC_009",
      .suite = "conformance",
      .title = "HDLC: inactivity time-out",
      .objective =
          "a silent client is disconnected after the time-out, and one that speaks in "
          "time is not",
      .severity = harness::Severity::medium,
      .clauses = {{"IEC 62056-46:2007", "6.4.4"}, {"IEC 62056-6-2", "4.7.2"}},
      .needs = {"auth.none", "protocol.dlms"},
      .mutants = {{"CONF_HDLC_INACTIVE", "disconnected_by_silence", {}}}};
  declared.declaration.supply = harness::Supply::voltage;
  declared.declaration.interfaces = {"optical"};
  declared.declaration.disturbs = harness::Disturbs::communication;
  declared.declaration.destructiveness = harness::Destructiveness::state_changing;
  declared.declaration.consumes = {"invocation_counter"};
  declared.variants = {{"time_out", "speaks in time, then falls silent", {}}};
  return procedure(std::move(declared), time_out);
}

const harness::Registration k_registration{inactivity()};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_009
